import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import type { TransactionDetail } from './get-transaction.ts';
import type { CorrectionBefore } from './undo-correction.ts';

/** For so long a correction can be taken back. */
const KEPT_MS = DAY_MS;

/** Notes what stands there now, in the transaction that changes it. */
export async function keepBefore(ctx: Context, before: TransactionDetail, withRule: boolean): Promise<string> {
  const { accountId, id: transactionId, edit, merchantKey, rule } = before;
  const id = uuidv7();
  const now = ctx.clock.now();
  const { userId } = await ctx.db.bankAccount.findUniqueOrThrow({ where: { id: accountId }, select: { userId: true } });
  const kept: CorrectionBefore = { transactionId, edit, rule: withRule ? { merchantKey, words: rule } : null };
  await ctx.db.undoStep.deleteMany({ where: { userId, createdAt: { lt: addMs(now, -KEPT_MS) } } });
  await ctx.db.undoStep.create({ data: { id, userId, accountId, before: kept, createdAt: now }, select: { id: true } });
  return id;
}
