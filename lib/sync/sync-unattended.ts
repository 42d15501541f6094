import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { settleStatus } from '#lib/connections/settle-status';
import { type Context, inTransaction } from '#lib/context/context';
import { addMs, HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { findBreakerRest } from './breaker.ts';
import type { Pause } from './session.ts';
import { settleTask } from './settle-task.ts';
import { isSignInRecent } from './sign-in-window.ts';
import { type SyncReport, syncConnection } from './sync-connection.ts';
import { SyncNotAllowedError } from './sync-not-allowed.ts';
import { findOpenTask, isExpired, type TaskRow } from './sync-task.ts';

/** What a job does for a connection. Null when there is nothing that a job may do: the consent has ended, say. */
export async function syncUnattended(
  ctx: Context,
  input: { connectionId: string; signal?: AbortSignal; pause?: Pause | undefined },
): Promise<SyncReport | null> {
  requireSystem(ctx.actor);
  const row = await ctx.db.connection.findUnique({
    where: { id: input.connectionId },
    select: { bankId: true, authenticatedAt: true, accounts: { select: { coveredTo: true } } },
  });
  if (row === null) return null;
  const task = await findOpenTask(ctx, input.connectionId);
  if (task !== null) return goOnWith(ctx, task, input.signal);
  const restUntil = await findBreakerRest(ctx, row.bankId);
  if (restUntil !== null) return postpone(ctx, input.connectionId, restUntil);
  const isFirst = row.accounts.every(({ coveredTo }) => coveredTo === null) && !(await hasFetchedBefore(ctx, input));
  try {
    const trigger = isFirst ? 'first' : 'scheduled';
    // The first time the person waits for what comes; afterwards nobody does. Just after a sign-in the deep past is asked
    // for, which a bank may refuse: there is no time then to hear of it later, and to ask for less.
    const isAsync = !isFirst && !isSignInRecent(row.authenticatedAt, ctx.clock.now());
    return await syncConnection(ctx, { ...input, presence: null, trigger, isAsync });
  } catch (error) {
    if (!(error instanceof SyncNotAllowedError)) throw error;
    // Somebody was to fetch, so the status that is written down may be older than the end of the consent.
    await inTransaction(ctx, (tx) => settleStatus(tx, input.connectionId, { reason: 'time' }));
    return null;
  }
}

/** Without transactions there are no days that could be covered: then an earlier run that was complete says that it isn't the first. */
async function hasFetchedBefore(ctx: Context, { connectionId }: { connectionId: string }): Promise<boolean> {
  const startedAt = { lt: addMs(ctx.clock.now(), -HOUR_MS) };
  const where = { connectionId, outcome: 'complete', startedAt } as const;
  return (await ctx.db.syncRun.findFirst({ where, select: { id: true } })) !== null;
}

/** A run of this connection's waits for TrueLayer. When it has waited for too long, it is ended here. */
async function goOnWith(ctx: Context, task: TaskRow, signal: AbortSignal | undefined): Promise<SyncReport | null> {
  return isExpired(ctx, task) ? settleTask(ctx, { taskId: task.id, signal }) : null;
}

/** When the bank has rested, not all of its customers at once. */
const AFTER_REST_MS = 15 * MINUTE_MS;

async function postpone(ctx: Context, connectionId: string, restUntil: Date): Promise<null> {
  await ctx.db.connection.updateMany({
    where: { id: connectionId, nextSyncAt: { not: null } },
    data: { nextSyncAt: addMs(restUntil, Math.random() * AFTER_REST_MS) },
  });
  ctx.log.info({ event: 'sync.postponed', connectionId, restUntil }, 'the bank is left alone for now');
  return null;
}
