import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { msBetween } from '#lib/time/span';
import { eraseBankData, eraseTransactions } from './erase-bank-data.ts';
import { mayPass, PATIENCE_MS, revokeGrants } from './revoke-grants.ts';
import { settleStatus } from './settle-status.ts';
import { destroyTokens } from './tokens.ts';

export type Told = 'truelayer' | 'already_gone' | 'unconfirmed';

/**
 * Does what a stop promised: TrueLayer is told, it is tried whether access is gone, the tokens are destroyed, and if it was
 * asked for everything is erased. Safe to run again from wherever it broke off; two at once end the same. Gives whose it was when it is done.
 * @throws {TrueLayerError} {@link TokensBusyError}: nothing is lost, and it is tried again
 */
export async function finishStop(ctx: Context, connectionId: string): Promise<string | null> {
  const row = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { revokingSince: true, endedAt: true, erasesOnStop: true },
  });
  if (row === null || row.endedAt !== null || row.revokingSince === null) return null;
  let told: Told;
  try {
    told = await revokeGrants(ctx, connectionId);
  } catch (error) {
    const isOverdue = msBetween(row.revokingSince, ctx.clock.now()) > PATIENCE_MS;
    if (!isOverdue || !mayPass(error)) throw error;
    ctx.log.error({ event: 'stop.unconfirmed', connectionId, error }, 'TrueLayer never confirmed the end of an access');
    told = 'unconfirmed';
  }
  if (row.erasesOnStop) await eraseTransactions(ctx, connectionId);
  return inTransaction(ctx, (tx) => end(tx, connectionId, told));
}

async function end(ctx: Context, connectionId: string, told: Told): Promise<string | null> {
  await ctx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
  const row = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { userId: true, endedAt: true, erasesOnStop: true, statusReason: true },
  });
  if (row === null || row.endedAt !== null) return null;
  await destroyTokens(ctx, connectionId);
  await settleStatus(ctx, connectionId, {
    facts: { endedAt: ctx.clock.now(), revokingSince: null },
    // Who wanted it stays known: the mail about it says so.
    reason: row.statusReason ?? 'stopped',
  });
  const about = { subject: { kind: 'connection', id: connectionId }, connectionId, personId: row.userId };
  await recordAudit(ctx, { ...about, action: 'connection.stopped', after: { told } });
  if (row.erasesOnStop) {
    await eraseBankData(ctx, connectionId);
    await recordAudit(ctx, { ...about, action: 'connection.erased' });
  }
  return row.userId;
}
