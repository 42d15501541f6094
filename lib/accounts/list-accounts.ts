import 'server-only';
import type { Context } from '#lib/context/context';
import { COUNTED_ONCE } from './counted-once.ts';
import { ACCOUNT_SUMMARY, type AccountSummary, toAccountSummary } from './dto.ts';
import { accountsOf } from './own-account.ts';

/** A person's accounts and cards, bank by bank in the bank's own order; of one connection when it is named. */
export async function listAccounts(ctx: Context, input: { connectionId?: string } = {}): Promise<AccountSummary[]> {
  const rows = await ctx.db.bankAccount.findMany({
    where: {
      ...accountsOf(ctx.actor),
      ...(input.connectionId === undefined ? COUNTED_ONCE : { connectionId: input.connectionId }),
    },
    select: ACCOUNT_SUMMARY,
    orderBy: [{ connection: { connectedAt: 'asc' } }, { position: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toAccountSummary);
}
