import 'server-only';
import type { Presence } from '#lib/auth/presence';
import type { Context } from '#lib/context/context';
import type { SyncTrigger } from '#lib/db/generated/client';
import { getSettings } from '#lib/settings/settings';
import { chooseRole, refuseUnlessAllowed } from './callable.ts';
import { type Ending, finishIdle, finishRun } from './finish-run.ts';
import { claimLease, releaseLease } from './lease.ts';
import { loadSyncConnection } from './load-connection.ts';
import { askAboutOverlaps } from './overlap.ts';
import { type Progress, readProgress } from './progress.ts';
import { nameRenewal, RenewalQuestionedError } from './recognise.ts';
import type { Resource } from './resource.ts';
import { closeRun, newRun, openRun, pauseRun } from './run.ts';
import { isAnythingDue, runSteps, type StepOptions } from './run-steps.ts';
import { createSession, type Pause, type SyncSession } from './session.ts';

export type SyncInput = {
  connectionId: string;
  /** The person who is there and waits; null for everything that a job does. */
  presence: Presence | null;
  trigger: SyncTrigger;
  resources?: readonly Resource[];
  isAsync?: boolean;
  /** The first look at a fresh grant, by a present user. */
  isFirstPass?: boolean;
  /** Ends the run between two calls; what is stored by then stays. */
  signal?: AbortSignal | undefined;
  pause?: Pause | undefined;
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
  const { connectionId, presence, signal } = input;
  const before = await loadSyncConnection(ctx, connectionId, await chooseRole(ctx, connectionId));
  refuseUnlessAllowed(before.status, presence?.userId === before.userId);
  const { answerRetentionDays } = await getSettings(ctx);
  const lease = await claimLease(ctx, connectionId);
  try {
    const role = await chooseRole(ctx, connectionId);
    const connection = await loadSyncConnection(ctx, connectionId, role);
    const run = newRun(ctx);
    const keepsAnswers = answerRetentionDays > 0;
    const parts = { connection, lease, run, presence, role, keepsAnswers, signal, pause: input.pause };
    return await fetchAndFinish(createSession(ctx, parts), input);
  } finally {
    await releaseLease(ctx, lease);
  }
}

async function fetchAndFinish(session: SyncSession, input: SyncInput): Promise<SyncReport> {
  const { ctx, connection, run } = session;
  const { connectionId, trigger, signal } = input;
  const progress = readProgress(session);
  const options: StepOptions = {
    resources: input.resources ?? ALL_RESOURCES,
    isAskedFor: trigger === 'person',
    isFirstPass: input.isFirstPass ?? false,
    // What is told later may be told when the renewal has become the grant in use, or is gone.
    isAsync: session.role === 'current' && (input.isAsync ?? false),
    signal,
  };
  const isBackground = session.role === 'current' && !session.isAttended;
  if (isBackground && !isAnythingDue(session, progress, options)) return finishIdle(session, progress, trigger);
  const isAttended = input.presence?.userId === connection.userId;
  await openRun(ctx, { ...run, connectionId, trigger, isAttended });
  try {
    await nameRenewal(session);
    await runSteps(session, progress, options);
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
