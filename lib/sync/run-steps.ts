import 'server-only';
import { addMs, MINUTE_MS, msBetween } from '#lib/time/span';
import { createAsyncFetch } from './async-fetch.ts';
import { chooseStep } from './fault-scope.ts';
import { createWaitingFetch, type Fetch } from './fetch.ts';
import { isWidthOpen } from './history-days.ts';
import type { SyncAccount, SyncConnection } from './load-connection.ts';
import { FRESH_SLACK_MS, syncIntervalMs } from './plan-next-sync.ts';
import { type PlanOptions, planSteps } from './plan-steps.ts';
import { type Progress, takeOne } from './progress.ts';
import type { Resource } from './resource.ts';
import type { SyncSession } from './session.ts';
import { keyOfStep, type Step } from './step.ts';
import { reauthenticate } from './try-step.ts';
import { mayBeCapped } from './windows.ts';

export type StepOptions = {
  resources: readonly Resource[];
  isAskedFor: boolean;
  /** The first look at a fresh grant, by a present user: where the bank's history is still to be learned, it comes too. */
  isFirstPass?: boolean;
  /** Whether steps are asked for asynchronously, where the bank takes that. */
  isAsync: boolean;
  signal?: AbortSignal | undefined;
};

/** A run doesn't wait longer than this for a retry; a job goes on when it is due. */
const MAX_PAUSE_MS = MINUTE_MS;

/** Takes whatever is due, one call after another, and looks again after each what is due now. */
export async function runSteps(session: SyncSession, progress: Progress, options: StepOptions): Promise<void> {
  try {
    while (progress.stoppedBy === null && !progress.isWaiting && options.signal?.aborted !== true) {
      const step = nextStep(session, progress, options);
      if (step !== undefined) await takeOne(session, progress, step, fetchFor(session, progress, { step, options }));
      else if (!(await waitForRetry(session, progress, options.signal))) break;
    }
  } finally {
    await session.finishStoring();
  }
  const [firstFault] = progress.faults.values();
  if (progress.stoppedBy === null && firstFault !== undefined && isRefusedAltogether(progress)) {
    progress.stoppedBy = { ...reauthenticate(firstFault), heldUntil: null };
  }
}

/** What a background run would do for a connection as it is now. */
export function isAnythingDue(session: SyncSession, progress: Progress, options: StepOptions): boolean {
  return nextStep(session, progress, options) !== undefined || nextRetryAt(session, progress) !== null;
}

function nextStep(session: SyncSession, progress: Progress, options: StepOptions): Step | undefined {
  const { connection, pausedUntil, retryAt } = progress;
  const now = session.ctx.clock.now();
  if (pausedUntil !== null && pausedUntil > now) return undefined;
  if (!session.isAttended && heldUntilOf(connection, now) !== null) return undefined;
  const candidates = planSteps(connection, planOptions(session, progress, options)).filter((step) => {
    const at = retryAt.get(keyOfStep(step));
    return (at === undefined || at <= now) && !yieldsToHistory(session, progress, step);
  });
  return chooseStep(untriedFirst(candidates, retryAt), progress.alike);
}

/** A repeated step waits until the other accounts have been asked for the same kind of data. */
function untriedFirst(candidates: readonly Step[], retryAt: ReadonlyMap<string, Date>): readonly Step[] {
  const [first] = candidates;
  if (first === undefined || !retryAt.has(keyOfStep(first))) return candidates;
  const untried = candidates.filter((step) => step.resource === first.resource && !retryAt.has(keyOfStep(step)));
  return [...untried, ...candidates.filter((step) => !untried.includes(step))];
}

function planOptions(session: SyncSession, progress: Progress, options: StepOptions): PlanOptions {
  const { connection, taken, spentAccounts } = progress;
  const now = session.ctx.clock.now();
  const { isAttended } = session;
  const isFirstPass = isAttended && options.isFirstPass === true;
  return {
    ...options,
    isAttended,
    isRenewal: session.role === 'incoming',
    now,
    freshMs: freshMsOf(connection),
    taken,
    spentAccounts,
    ...(isFirstPass ? { isHistoryWanted: (account) => isHistoryUnlearned(session.connection, account, now) } : {}),
  };
}

export function freshMsOf({ bank }: SyncConnection): number {
  return syncIntervalMs(bank.limitsPerEndpoint) - FRESH_SLACK_MS;
}

/** Until when no background call is made for the connection. A new sign-in lifts it. */
export function heldUntilOf({ heldUntil, lastErrorAt, authenticatedAt }: SyncConnection, now: Date): Date | null {
  if (heldUntil === null || heldUntil <= now) return null;
  return authenticatedAt === null || (lastErrorAt !== null && lastErrorAt >= authenticatedAt) ? heldUntil : null;
}

/** As the bank was known when the run began, so that one account's lesson doesn't leave the others to a job. */
function isHistoryUnlearned({ bank }: SyncConnection, { kind }: SyncAccount, now: Date): boolean {
  return mayBeCapped(bank) || isWidthOpen(bank, kind, now);
}

/** Without the user, an account's calls are kept for its history while that is repeated. */
function yieldsToHistory({ isAttended }: SyncSession, { retryAt }: Progress, { account, resource }: Step): boolean {
  return !isAttended && account !== null && resource !== 'transactions' && retryAt.has(`transactions ${account.id}`);
}

/** Waits until a step is to be repeated. False when there is none that is worth waiting for. */
async function waitForRetry(
  session: SyncSession,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const at = nextRetryAt(session, progress);
  if (at === null) return false;
  await session.finishStoring();
  await session.pause(Math.max(0, msBetween(session.ctx.clock.now(), at)), signal);
  return true;
}

function nextRetryAt({ ctx }: SyncSession, { retryAt, pausedUntil, spentAccounts }: Progress): Date | null {
  const now = ctx.clock.now();
  const open = [...retryAt].filter(([key]) => ![...spentAccounts].some((id) => key.endsWith(id))).map(([, at]) => at);
  const times = pausedUntil === null ? open : [pausedUntil];
  const [first] = times.filter((at) => at > now).sort((one, other) => one.getTime() - other.getTime());
  return first !== undefined && first <= addMs(now, MAX_PAUSE_MS) ? first : null;
}

function fetchFor(
  session: SyncSession,
  progress: Progress,
  { step, options }: { step: Step; options: StepOptions },
): Fetch {
  const mayAsk =
    options.isAsync && !progress.isAsyncLost && session.bank.supportsAsync !== false && step.resource !== 'info';
  return mayAsk ? createAsyncFetch(session, step) : createWaitingFetch(session);
}

/** Everything that was asked was denied, and days that are open to everybody among it: nothing is shared any more. */
function isRefusedAltogether({ succeeded, faults, taken }: Progress): boolean {
  if (succeeded.length > 0) return false;
  const hasAskedForData = [...taken].some((key) => key === 'accounts' || key.startsWith('transactions'));
  return hasAskedForData && [...faults.values()].every((fault) => fault.action === 'ask_me');
}
