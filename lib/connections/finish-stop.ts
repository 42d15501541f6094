import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { msBetween } from '#lib/time/span';
import { eraseBankData, eraseTransactions } from './erase-bank-data.ts';
import { isUuid, ownedBy } from './internal.ts';
import { mayPass, PATIENCE_MS, revokeGrants } from './revoke-grants.ts';
import { claimRevokeLease, type RevokeLease, releaseRevokeLease } from './revoke-lease.ts';
import { settleStatus } from './settle-status.ts';
import { destroyTokens } from './tokens.ts';

/**
 * Finishes a stop: tells TrueLayer, checks that access has ended, destroys the tokens and erases what was to be erased. One
 * process at a time does it; after a crash the next one continues where it broke off. Returns the owner's id when this call finished
 * it, else null: another process is at it, nothing is being stopped, or the connection isn't the actor's.
 * @throws {AppError} unauthenticated; {@link TrueLayerError} {@link TokensBusyError}: nothing is lost, and a job tries again
 */
export async function finishStop(ctx: Context, connectionId: string): Promise<string | null> {
  if (!(await isStopping(ctx, connectionId))) return null;
  const lease = await claimRevokeLease(ctx, connectionId);
  if (lease === null) return null;
  try {
    return await finishUnderLease(ctx, lease);
  } finally {
    await releaseRevokeLease(ctx, lease);
  }
}

async function isStopping(ctx: Context, connectionId: string): Promise<boolean> {
  const owned = ownedBy(ctx.actor);
  if (!isUuid(connectionId)) return false;
  const where = { id: connectionId, ...owned, revokingSince: { not: null }, endedAt: null };
  return (await ctx.db.connection.count({ where })) > 0;
}

async function finishUnderLease(ctx: Context, lease: RevokeLease): Promise<string | null> {
  const { connectionId } = lease;
  const row = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { revokingSince: true, endedAt: true, erasesOnStop: true },
  });
  if (row === null || row.endedAt !== null || row.revokingSince === null) return null;
  try {
    await revokeGrants(ctx, lease);
  } catch (error) {
    const isOverdue = msBetween(row.revokingSince, ctx.clock.now()) > PATIENCE_MS;
    if (!isOverdue || !mayPass(error)) throw error;
    ctx.log.error({ event: 'stop.unconfirmed', connectionId, error }, 'TrueLayer never confirmed the end of an access');
    await destroyUnconfirmed(ctx, connectionId);
  }
  if (row.erasesOnStop) await eraseTransactions(ctx, connectionId);
  return inTransaction(ctx, (tx) => end(tx, connectionId));
}

async function destroyUnconfirmed(ctx: Context, connectionId: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await destroyTokens(tx, connectionId);
    await tx.db.connection.updateMany({ where: { id: connectionId }, data: { stopTold: 'unconfirmed' } });
  });
}

async function end(ctx: Context, connectionId: string): Promise<string | null> {
  await ctx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
  const row = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { userId: true, endedAt: true, erasesOnStop: true, statusReason: true, stopTold: true },
  });
  if (row === null || row.endedAt !== null) return null;
  // A grant that arrived meanwhile is revoked first: the sweep starts this again.
  if ((await ctx.db.connectionTokens.count({ where: { connectionId } })) > 0) return null;
  await settleStatus(ctx, connectionId, {
    facts: { endedAt: ctx.clock.now(), revokingSince: null },
    // The mail about it names who stopped it.
    reason: row.statusReason ?? 'stopped',
  });
  const about = { subject: { kind: 'connection', id: connectionId }, connectionId, personId: row.userId };
  await recordAudit(ctx, { ...about, action: 'connection.stopped', after: { told: row.stopTold ?? 'already_gone' } });
  if (row.erasesOnStop) {
    await eraseBankData(ctx, connectionId);
    await recordAudit(ctx, { ...about, action: 'connection.erased' });
  }
  return row.userId;
}
