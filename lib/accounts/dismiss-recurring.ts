import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { accountsOf } from './own-account.ts';

/**
 * "That isn't one", or "it is, after all". What is dismissed stays so, however often it is noticed again.
 * @throws {NotFoundError}
 */
export async function dismissRecurring(
  ctx: Context,
  { recurringId, isDismissed }: { recurringId: string; isDismissed: boolean },
): Promise<void> {
  requirePerson(ctx.actor);
  if (typeof isDismissed !== 'boolean') throw new AppError('invalid', 'not_an_answer');
  await inTransaction(ctx, async (tx) => {
    if (!isUuid(recurringId)) throw new NotFoundError('recurring_payment');
    const { count } = await tx.db.recurringPayment.updateMany({
      where: { id: recurringId, account: accountsOf(tx.actor) },
      data: { dismissedAt: isDismissed ? tx.clock.now() : null },
    });
    if (count === 0) throw new NotFoundError('recurring_payment');
  });
}
