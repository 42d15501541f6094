import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { ask } from '#lib/queue/ask';
import { startOf } from '#lib/time/day';
import { addMs, MINUTE_MS } from '#lib/time/span';
import type { Resource } from './resource.ts';
import type { SyncSession } from './session.ts';
import type { Step } from './step.ts';
import { createTaskToken, type TaskToken } from './task-token.ts';
import type { Window } from './windows.ts';

/** After so long without a result a task is given up; its webhook is no longer heeded either. */
export const TASK_LIFE_MS = 10 * MINUTE_MS;
/** An asking whose process died: the call is counted, and its answer went to nobody. */
export const ASKING_LIFE_MS = 2 * MINUTE_MS;
/** Seconds until the next look, if no webhook comes first. */
const POLLS_AFTER_SECONDS = [2, 4, 8, 16, 30] as const;

export const TASK = {
  id: true,
  connectionId: true,
  accountId: true,
  runId: true,
  resource: true,
  windowFrom: true,
  windowTo: true,
  status: true,
  secretHash: true,
  resultsUri: true,
  askedAt: true,
  expiresAt: true,
  polls: true,
} satisfies Prisma.SyncTaskSelect;

export type TaskRow = Prisma.SyncTaskGetPayload<{ select: typeof TASK }>;

/** Notes the task before it is asked for: its webhook may be here before TrueLayer's receipt is. */
export async function openTask(
  session: SyncSession,
  step: Step,
  window: Window | undefined,
): Promise<{ id: string; token: TaskToken }> {
  const { ctx, connection, run } = session;
  const id = uuidv7();
  const token = createTaskToken(id);
  const askedAt = ctx.clock.now();
  await ctx.db.syncTask.create({
    data: {
      id,
      connectionId: connection.id,
      accountId: step.account?.id ?? null,
      runId: run.id,
      resource: step.resource,
      windowFrom: window === undefined ? null : startOf(window.from),
      windowTo: window === undefined ? null : startOf(window.to),
      status: 'asking',
      secretHash: token.secretHash,
      askedAt,
      expiresAt: addMs(askedAt, TASK_LIFE_MS),
    },
    select: { id: true },
  });
  return { id, token };
}

/** TrueLayer has taken it on: keeps the address of the results, and plans to look there even if no webhook comes. */
export async function queueTask(ctx: Context, id: string, task: { taskId: string; resultsUri: string }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const row = await tx.db.syncTask.update({
      where: { id },
      data: { status: 'queued', truelayerTaskId: task.taskId, resultsUri: task.resultsUri },
      select: { hintedAt: true },
    });
    if (row.hintedAt !== null) await askToSettle(tx, id, 'hinted');
    await askToSettle(tx, id, 0);
  });
}

/** By a webhook at once, otherwise after the wait that is due after so many looks. */
export async function askToSettle(ctx: Context, taskId: string, why: 'hinted' | number): Promise<void> {
  if (why === 'hinted') return ask(ctx, 'task.settle', { taskId }, { key: `${taskId} hinted` });
  const afterSeconds = POLLS_AFTER_SECONDS[why] ?? POLLS_AFTER_SECONDS.at(-1) ?? 30;
  return ask(ctx, 'task.settle', { taskId }, { key: `${taskId} ${why}`, afterSeconds });
}

/** The first to end it decides. */
export async function endTask(
  ctx: Context,
  id: string,
  status: 'stored' | 'failed' | 'expired',
  code: string | null,
): Promise<boolean> {
  const { count } = await ctx.db.syncTask.updateMany({
    where: { id, finishedAt: null },
    data: { status, code, finishedAt: ctx.clock.now() },
  });
  return count === 1;
}

export async function findOpenTask(ctx: Context, connectionId: string): Promise<TaskRow | null> {
  return ctx.db.syncTask.findFirst({ where: { connectionId, finishedAt: null }, select: TASK });
}

export function isExpired(ctx: Context, task: Pick<TaskRow, 'status' | 'askedAt' | 'expiresAt'>): boolean {
  const now = ctx.clock.now();
  return task.expiresAt <= now || (task.status === 'asking' && addMs(task.askedAt, ASKING_LIFE_MS) <= now);
}

/** The row's check constraint holds it to these words. */
export function resourceOf(task: Pick<TaskRow, 'resource'>): Resource {
  return task.resource as Resource;
}
