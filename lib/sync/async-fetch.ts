import 'server-only';
import { trueLayer } from '#lib/context/truelayer';
import { AppError } from '#lib/errors/app-error';
import { dayOf } from '#lib/time/day';
import type { AsyncEndpoint, DataCall } from '#lib/truelayer/call';
import { TrueLayerError } from '#lib/truelayer/error';
import type { ResultOf } from '#lib/truelayer/results';
import type { Fetch, FinalOf } from './fetch.ts';
import { finalResult } from './final-result.ts';
import type { SyncSession } from './session.ts';
import type { Step } from './step.ts';
import { endTask, openTask, queueTask, type TaskRow } from './sync-task.ts';
import { webhookUriOf } from './task-token.ts';

/** Asks TrueLayer to work on it and to tell when it is done. A bank that doesn't take that is asked in the plain way. */
export function createAsyncFetch(session: SyncSession, step: Step): Fetch {
  const { ctx } = session;
  return {
    window: null,
    async get(request, ask) {
      const task = await openTask(session, step, request.window);
      try {
        const asynchronous = { webhookUri: webhookUriOf(task.token) };
        const result = await session.call((call) => ask({ ...call, asynchronous }));
        await noteAsync(session, true);
        if (result.state === 'queued') {
          await queueTask(ctx, task.id, result.task);
          return null;
        }
        await endTask(ctx, task.id, 'stored', null);
        return finalResult(result);
      } catch (error) {
        await endTask(ctx, task.id, 'failed', error instanceof TrueLayerError ? error.code : 'interrupted');
        if (!isRefusal(error) || session.bank.supportsAsync === true) throw error;
        return askPlainly(session, ask);
      }
    },
  };
}

/** Where the plain call is refused too, nothing is learned of the bank; but this run asks no longer twice. */
async function askPlainly<E extends AsyncEndpoint>(
  session: SyncSession,
  ask: (call: DataCall) => Promise<ResultOf<E>>,
): Promise<FinalOf<E>> {
  try {
    const result = finalResult(await session.call(ask));
    await noteAsync(session, false);
    return result;
  } catch (error) {
    session.bank.supportsAsync = false;
    throw error;
  }
}

/** Fetches what a task has come to, from the address that TrueLayer gave when it was asked. */
export function createResultsFetch(session: SyncSession, task: TaskRow): Fetch {
  const { resultsUri, windowFrom, windowTo } = task;
  return {
    window: windowFrom === null || windowTo === null ? null : { from: dayOf(windowFrom), to: dayOf(windowTo) },
    async get({ endpoint }) {
      if (resultsUri === null) return null;
      try {
        const result = await session.call((call) => trueLayer().fetchResults(call, { resultsUri, endpoint }));
        return result.state === 'queued' ? null : finalResult(result);
      } catch (error) {
        if (isLookLost(error)) return null;
        throw isTaskLost(error) ? new TaskLostError() : error;
      }
    },
  };
}

/** TrueLayer doesn't know the task any more: nothing is known of the account or the bank, and the call is spent. */
export class TaskLostError extends AppError {
  constructor() {
    super('unavailable', 'task_lost');
  }
}

/** By the HTTP status: a task that has failed is told with a 200, whatever its code. */
function isTaskLost(error: unknown): boolean {
  return error instanceof TrueLayerError && (error.httpStatus === 404 || error.httpStatus === 410);
}

/** Nothing was heard of the task, which lives on: the look costs nothing and is repeated. A failed task is told with a 200. */
function isLookLost(error: unknown): boolean {
  return (
    error instanceof TrueLayerError && error.isRetryable && (error.networkFailure !== null || error.httpStatus !== 200)
  );
}

/** The word for "not asynchronously" and for "not at all" is the same; asking plainly tells them apart. */
function isRefusal(error: unknown): boolean {
  return error instanceof TrueLayerError && (error.kind === 'not_supported' || error.code === 'validation_error');
}

async function noteAsync({ ctx, connection, bank }: SyncSession, supportsAsync: boolean): Promise<void> {
  if (bank.supportsAsync === supportsAsync) return;
  bank.supportsAsync = supportsAsync;
  await ctx.db.bank.updateMany({ where: { id: connection.bankId }, data: { supportsAsync } });
}
