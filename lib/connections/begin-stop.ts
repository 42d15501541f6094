import 'server-only';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { ownedBy } from './internal.ts';
import { settleStatus } from './settle-status.ts';

/** A stop by the user is finished while they wait: the job is for what that doesn't finish. */
const JOB_DELAY_SECONDS = 30;

/** The person themselves, the team, or a newer connection with the same login. */
export type StopReason = 'stopped_by_person' | 'revoked_by_team' | 'replaced';

/**
 * From the commit on nobody fetches any more, and a job tells TrueLayer; whoever wanted it. Only inside a transaction.
 * @throws {AppError} conflict `already_stopped`
 */
export async function beginStop(
  tx: Context,
  connectionId: string,
  { erases, reason }: { erases: boolean; reason: StopReason },
): Promise<void> {
  const { count } = await tx.db.connection.updateMany({
    where: { id: connectionId, ...ownedBy(tx.actor), endedAt: null, revokingSince: null },
    data: { erasesOnStop: erases },
  });
  if (count === 0) throw new AppError('conflict', 'already_stopped');
  await settleStatus(tx, connectionId, { facts: { revokingSince: tx.clock.now() }, reason });
  // A renewal that was coming in is given back with the rest, as a grant of its own.
  await tx.db.connectionTokens.updateMany({
    where: { connectionId, role: 'incoming' },
    data: { role: 'outgoing', questionedAt: null },
  });
  // Trips that are still under way lead nowhere any more.
  await tx.db.attempt.updateMany({
    where: { connectionId, status: { in: ['started', 'redirected'] } },
    data: {
      status: 'expired',
      outcomeCode: 'superseded',
      finishedAt: tx.clock.now(),
      codeSealed: null,
      verifierSealed: null,
    },
  });
  const delay = reason === 'stopped_by_person' ? { afterSeconds: JOB_DELAY_SECONDS } : {};
  await ask(tx, 'connection.stop', { connectionId }, { key: connectionId, ...delay });
}
