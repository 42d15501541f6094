import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { allowsUnattended } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import type { SyncTrigger } from '#lib/db/generated/client';
import { getSettings } from '#lib/settings/settings';
import { createResultsFetch, TaskLostError } from './async-fetch.ts';
import { faultOf } from './faults.ts';
import { claimLease, type Lease, releaseLease } from './lease.ts';
import { loadSyncConnection } from './load-connection.ts';
import { addStepFault, type Progress, readProgress, takeOne } from './progress.ts';
import { runSteps } from './run-steps.ts';
import { createSession, type SyncSession } from './session.ts';
import { isSignInRecent } from './sign-in-window.ts';
import { keyOfStep, type Step } from './step.ts';
import { ALL_RESOURCES, pauseOrFinish, type SyncReport } from './sync-connection.ts';
import { askToSettle, endTask, isExpired, resourceOf, TASK, type TaskRow } from './sync-task.ts';
import { noteFault } from './try-step.ts';

type SettleInput = { taskId: string; signal?: AbortSignal | undefined };

/**
 * Looks what an asynchronous call has come to, stores it, and goes on with its run. By a webhook or by the clock, early or
 * late, once or ten times: only the first who finds it ready does anything.
 * @throws {SyncBusyError}
 */
export async function settleTask(ctx: Context, { taskId, signal }: SettleInput): Promise<SyncReport | null> {
  requireSystem(ctx.actor);
  const known = await findTask(ctx, taskId);
  if (known === null) return null;
  const lease = await claimLease(ctx, known.connectionId);
  try {
    const task = await findTask(ctx, taskId);
    if (task === null || (task.status === 'asking' && !isExpired(ctx, task))) return null;
    const opened = await openSession(ctx, task, lease, signal);
    if (opened === null) {
      await endTask(ctx, taskId, 'expired', 'run_over');
      return null;
    }
    const { session, trigger } = opened;
    const progress = readProgress(session);
    if (!(await settle(session, progress, task))) return null;
    // As at the start of a run: the person may have been to the bank meanwhile.
    const isAsync = !isSignInRecent(session.connection.authenticatedAt, ctx.clock.now());
    await runSteps(session, progress, { resources: ALL_RESOURCES, isAskedFor: false, isAsync, signal });
    return await pauseOrFinish(session, progress, { trigger, isStopped: signal?.aborted === true });
  } finally {
    await releaseLease(ctx, lease);
  }
}

async function findTask(ctx: Context, taskId: string): Promise<TaskRow | null> {
  return ctx.db.syncTask.findFirst({ where: { id: taskId, finishedAt: null }, select: TASK });
}

type Opened = { session: SyncSession; trigger: SyncTrigger };

/** Null when there is nothing left to go on with: the run was closed, or nobody may fetch for this person any more. */
async function openSession(
  ctx: Context,
  task: TaskRow,
  lease: Lease,
  signal: AbortSignal | undefined,
): Promise<Opened | null> {
  const run = await ctx.db.syncRun.findFirst({
    where: { id: task.runId, outcome: 'running' },
    select: { id: true, startedAt: true, trigger: true },
  });
  const connection = await loadSyncConnection(ctx, task.connectionId);
  if (run === null || !allowsUnattended(connection.status)) return null;
  const keepsAnswers = (await getSettings(ctx)).answerRetentionDays > 0;
  const parts = { connection, lease, run, presence: null, role: 'current', keepsAnswers, signal } as const;
  return { session: createSession(ctx, parts), trigger: run.trigger };
}

/** False while TrueLayer is still at it. */
async function settle(session: SyncSession, progress: Progress, task: TaskRow): Promise<boolean> {
  const step = stepOf(progress, task);
  if (step === null) {
    await endTask(session.ctx, task.id, 'expired', 'account_gone');
    return true;
  }
  const isOver = isExpired(session.ctx, task);
  // Overdue, it is looked at once more all the same: it may be ready, and it was us who were away.
  const result = await look(session, progress, { task, step });
  if (result === 'lost') {
    await startOver(session, progress, { task, step });
    return true;
  }
  if (result === 'asked') {
    if (isOver) await giveUp(session, progress, task, step);
    else await lookAgain(session.ctx, task);
    return isOver;
  }
  await session.finishStoring();
  if (result === 'stored') await endTask(session.ctx, task.id, 'stored', null);
  else await endTask(session.ctx, task.id, 'failed', result.code);
  return true;
}

type TaskStep = { task: TaskRow; step: Step };

async function look(session: SyncSession, progress: Progress, { task, step }: TaskStep) {
  if (task.resultsUri === null) return 'asked';
  try {
    return await takeOne(session, progress, step, createResultsFetch(session, task));
  } catch (error) {
    if (!(error instanceof TaskLostError)) throw error;
    return 'lost';
  }
}

/** A lost task is asked for once more, plainly and within the day's calls: another task might be lost as well. */
async function startOver(session: SyncSession, progress: Progress, { task, step }: TaskStep): Promise<void> {
  await endTask(session.ctx, task.id, 'failed', 'task_lost');
  progress.taken.delete(keyOfStep(step));
  progress.isAsyncLost = true;
}

async function lookAgain(ctx: Context, task: TaskRow): Promise<void> {
  const polls = task.polls + 1;
  await ctx.db.syncTask.update({ where: { id: task.id }, data: { polls }, select: { id: true } });
  await askToSettle(ctx, task.id, polls);
}

/** No result in all this time: as if the bank had been silent. The call is spent; the rest of the run is asked for plainly. */
async function giveUp(session: SyncSession, progress: Progress, task: TaskRow, step: Step): Promise<void> {
  const fault = faultOf('bank_trouble', 'task_timed_out');
  await endTask(session.ctx, task.id, 'expired', fault.code);
  progress.isWaiting = false;
  progress.isAsyncLost = true;
  progress.taken.add(keyOfStep(step));
  await addStepFault(session, progress, step, await noteFault(session, step, fault));
}

function stepOf({ connection }: Progress, task: TaskRow): Step | null {
  const resource = resourceOf(task);
  if (resource === 'accounts' || resource === 'cards' || resource === 'info') return { resource, account: null };
  const account = connection.accounts.find(({ id }) => id === task.accountId);
  return account === undefined || account.isStopped ? null : { resource, account };
}
