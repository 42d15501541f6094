import 'server-only';
import type { Context } from '#lib/context/context';
import { ACCOUNT_SUMMARY, type AccountSummary, toAccountSummary } from './dto.ts';
import { accountsOf } from './own-account.ts';
import { shownAccounts } from './shown-accounts.ts';

export type ListAccountsInput = {
  connectionId?: string;
  /** Also those that the user hid. */
  withHidden?: boolean;
};

/**
 * A user's accounts and cards, bank by bank in the bank's own order; of one connection when it is named, and then also those
 * that are counted under another one.
 */
export async function listAccounts(ctx: Context, input: ListAccountsInput = {}): Promise<AccountSummary[]> {
  const { connectionId, withHidden = false } = input;
  const rows = await ctx.db.bankAccount.findMany({
    where: {
      ...accountsOf(ctx.actor),
      ...(connectionId === undefined ? shownAccounts({ withHidden }) : { connectionId, joinedIntoId: null }),
    },
    select: ACCOUNT_SUMMARY,
    orderBy: [{ connection: { connectedAt: 'asc' } }, { position: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toAccountSummary);
}
