import 'server-only';
import { isUuid } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { ACCOUNT_DETAIL, type AccountDetail, toAccountDetail } from './dto.ts';
import { getCoverage } from './get-coverage.ts';
import { accountsOf } from './own-account.ts';

/** @throws {NotFoundError} also for somebody else's. */
export async function getAccount(ctx: Context, { accountId }: { accountId: string }): Promise<AccountDetail> {
  const row = isUuid(accountId)
    ? await ctx.db.bankAccount.findFirst({ where: { id: accountId, ...accountsOf(ctx.actor) }, select: ACCOUNT_DETAIL })
    : null;
  if (row === null) throw new NotFoundError('account');
  return toAccountDetail(row, await getCoverage(ctx, row.id));
}
