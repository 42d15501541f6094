import 'server-only';
import { HOUR_MS } from '#lib/time/span';
import { createAsyncFetch } from './async-fetch.ts';
import { createWaitingFetch, type Fetch } from './fetch.ts';
import { syncIntervalMs } from './plan-next-sync.ts';
import { planSteps } from './plan-steps.ts';
import { type Progress, takeOne } from './progress.ts';
import type { Resource } from './resource.ts';
import type { SyncSession } from './session.ts';
import type { Step } from './step.ts';
import { reauthenticate } from './try-step.ts';

export type StepOptions = {
  resources: readonly Resource[];
  isAskedFor: boolean;
  /** Whether steps are asked for asynchronously, where the bank takes that. */
  isAsync: boolean;
  signal?: AbortSignal | undefined;
};

/** A sync that begins a little before its time finds yesterday's data old enough. */
const FRESH_SLACK_MS = 4 * HOUR_MS;

/** Takes whatever is due, one call after another, and looks again after each what is due now. */
export async function runSteps(session: SyncSession, progress: Progress, options: StepOptions): Promise<void> {
  try {
    while (progress.stoppedBy === null && !progress.isWaiting && options.signal?.aborted !== true) {
      const step = nextStep(session, progress, options);
      if (step === undefined) break;
      await takeOne(session, progress, step, fetchFor(session, step, options));
    }
  } finally {
    await session.finishStoring();
  }
  const [firstFault] = progress.faults;
  if (progress.stoppedBy === null && firstFault !== undefined && isRefusedAltogether(progress)) {
    progress.stoppedBy = reauthenticate(firstFault);
  }
}

function nextStep(session: SyncSession, progress: Progress, options: StepOptions): Step | undefined {
  const { connection, taken, spentAccounts } = progress;
  const freshMs = syncIntervalMs(connection.bank.limitsPerEndpoint) - FRESH_SLACK_MS;
  const now = session.ctx.clock.now();
  const { isAttended } = session;
  const isRenewal = session.role === 'incoming';
  return planSteps(connection, { ...options, isAttended, isRenewal, now, freshMs, taken, spentAccounts })[0];
}

function fetchFor(session: SyncSession, step: Step, { isAsync }: StepOptions): Fetch {
  const mayAsk = isAsync && session.bank.supportsAsync !== false && step.resource !== 'info';
  return mayAsk ? createAsyncFetch(session, step) : createWaitingFetch(session);
}

/** Everything that was asked was denied, and days that are open to everybody among it: nothing is shared any more. */
function isRefusedAltogether({ succeeded, faults, taken }: Progress): boolean {
  if (succeeded.length > 0) return false;
  const hasAskedForData = [...taken].some((key) => key === 'accounts' || key.startsWith('transactions'));
  return hasAskedForData && faults.every((fault) => fault.action === 'ask_me');
}
