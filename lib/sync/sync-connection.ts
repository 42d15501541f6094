import 'server-only';
import type { Presence } from '#lib/auth/presence';
import type { Context } from '#lib/context/context';
import type { SyncTrigger } from '#lib/db/generated/client';
import { getSettings } from '#lib/settings/settings';
import { chooseRole, refuseUnlessAllowed } from './callable.ts';
import { type Ending, finishRun } from './finish-run.ts';
import { claimLease, releaseLease } from './lease.ts';
import { loadSyncConnection } from './load-connection.ts';
import { askAboutOverlaps } from './overlap.ts';
import { type Progress, readProgress } from './progress.ts';
import { nameRenewal, RenewalQuestionedError } from './recognise.ts';
import type { Resource } from './resource.ts';
import { closeRun, openRun, pauseRun } from './run.ts';
import { runSteps } from './run-steps.ts';
import { createSession, type SyncSession } from './session.ts';

export type SyncInput = {
  connectionId: string;
  /** The person who is there and waits; null for everything that a job does. */
  presence: Presence | null;
  trigger: SyncTrigger;
  resources?: readonly Resource[];
  isAsync?: boolean;
  /** Ends the run between two calls; what is stored by then stays. */
  signal?: AbortSignal | undefined;
};

export type SyncReport = {
  /** `waiting`: TrueLayer works on an asynchronous call, and the run goes on when it tells. */
  outcome: 'complete' | 'partial' | 'failed' | 'waiting';
  /** Why not complete, in a code. */
  code: string | null;
  rowsStored: number;
  rowsSetAside: number;
  /** When the next unattended sync is planned for. */
  nextSyncAt: Date | null;
};

export const ALL_RESOURCES: readonly Resource[] = [
  'accounts',
  'cards',
  'info',
  'balance',
  'transactions',
  'pending',
  'direct_debits',
  'standing_orders',
];

/**
 * Brings a connection up to date: whatever is due, one call after another, each stored before the next is made. May be cut
 * off anywhere and run again; two at once don't happen. A renewal that waits fetches first, and once it has, it is the grant.
 * @throws {NotFoundError} {@link SyncNotAllowedError} {@link SyncBusyError}
 */
export async function syncConnection(ctx: Context, input: SyncInput): Promise<SyncReport> {
  const { connectionId, presence, trigger, signal } = input;
  const before = await loadSyncConnection(ctx, connectionId, await chooseRole(ctx, connectionId));
  refuseUnlessAllowed(before.status, presence?.userId === before.userId);
  const { answerRetentionDays } = await getSettings(ctx);
  const lease = await claimLease(ctx, connectionId);
  try {
    const role = await chooseRole(ctx, connectionId);
    const connection = await loadSyncConnection(ctx, connectionId, role);
    const run = await openRun(ctx, { connectionId, trigger, isAttended: presence?.userId === connection.userId });
    const keepsAnswers = answerRetentionDays > 0;
    const session = createSession(ctx, { connection, lease, run, presence, role, keepsAnswers, signal });
    return await fetchAndFinish(session, input);
  } finally {
    await releaseLease(ctx, lease);
  }
}

async function fetchAndFinish(session: SyncSession, input: SyncInput): Promise<SyncReport> {
  const { trigger, signal } = input;
  const progress = readProgress(session);
  try {
    await nameRenewal(session);
    await runSteps(session, progress, {
      resources: input.resources ?? ALL_RESOURCES,
      isAskedFor: trigger === 'person',
      // What is told later may be told when the renewal has become the grant in use, or is gone.
      isAsync: session.role === 'current' && (input.isAsync ?? false),
      signal,
    });
  } catch (error) {
    if (!(error instanceof RenewalQuestionedError)) throw error;
    return endQuestioned(session, error.code);
  }
  return pauseOrFinish(session, progress, { trigger, isStopped: signal?.aborted === true });
}

/** Nothing was stored, nothing is known to be wrong, and the grant in use goes on as before. */
async function endQuestioned({ ctx, connection, run }: SyncSession, code: string): Promise<SyncReport> {
  await closeRun(ctx, run.id, { outcome: 'failed', code, rowsStored: 0, rowsSetAside: 0 });
  ctx.log.warn({ event: 'consent.renewal_questioned', connectionId: connection.id }, 'a renewal opens other accounts');
  return { outcome: 'failed', code, rowsStored: 0, rowsSetAside: 0, nextSyncAt: null };
}

/** A run that waits stays open; any other is closed. */
export async function pauseOrFinish(session: SyncSession, progress: Progress, ending: Ending): Promise<SyncReport> {
  if (!progress.isWaiting) {
    const report = await finishRun(session, progress, ending);
    await askAboutOverlaps(session.ctx, session.connection.id);
    return report;
  }
  const { rowsStored, rowsSetAside } = session.tally;
  await pauseRun(session.ctx, session.run.id, { rowsStored, rowsSetAside });
  return { outcome: 'waiting', code: null, rowsStored, rowsSetAside, nextSyncAt: null };
}
