import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { eraseBankData, eraseTransactions } from './erase-bank-data.ts';
import { loadConnection } from './internal.ts';

/**
 * Erases what was kept when sharing was stopped.
 * @throws {NotFoundError}; {@link AppError} conflict while it is still shared, or when it is erased already
 */
export async function eraseEnded(ctx: Context, { connectionId }: { connectionId: string }): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  await loadConnection(ctx, connectionId, { id: true });
  const where = { id: connectionId, userId, endedAt: { not: null }, erasedAt: null };
  if ((await ctx.db.connection.count({ where })) === 0) throw new AppError('conflict', 'nothing_to_erase');
  await eraseTransactions(ctx, connectionId);
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.connection.updateMany({ where, data: { erasesOnStop: true } });
    if (count === 0) throw new AppError('conflict', 'nothing_to_erase');
    await eraseBankData(tx, connectionId);
    await recordAudit(tx, {
      action: 'connection.erased',
      subject: { kind: 'connection', id: connectionId },
      connectionId,
      personId: userId,
    });
  });
}
