import 'server-only';
import { ACCOUNT_SUMMARY, type AccountDetail, type AccountSummary, toAccountSummary } from '#lib/accounts/dto';
import { getAccount } from '#lib/accounts/get-account';
import { accountsOf } from '#lib/accounts/own-account';
import type { Context } from '#lib/context/context';

export type AccountSettings = {
  account: AccountDetail;
  /** Accounts that the user joined into this one, the last joined first. */
  joined: AccountSummary[];
  /** Accounts that it may be joined with: the user's others of the same kind and currency. */
  joinable: AccountSummary[];
};

/**
 * What a user decides about one of their accounts.
 * @throws {NotFoundError}
 */
export async function getAccountSettings(ctx: Context, input: { accountId: string }): Promise<AccountSettings> {
  const account = await getAccount(ctx, input);
  const { id, kind, currency } = account;
  const mine = accountsOf(ctx.actor);
  const [joined, joinable] = await Promise.all([
    ctx.db.bankAccount.findMany({
      where: { ...mine, joinedIntoId: id },
      select: ACCOUNT_SUMMARY,
      orderBy: [{ joinedAt: 'desc' }, { id: 'asc' }],
    }),
    ctx.db.bankAccount.findMany({
      where: { ...mine, id: { not: id }, kind, currency, joinedIntoId: null },
      select: ACCOUNT_SUMMARY,
      orderBy: [{ lastListedAt: 'desc' }, { id: 'asc' }],
    }),
  ]);
  return { account, joined: joined.map(toAccountSummary), joinable: joinable.map(toAccountSummary) };
}
