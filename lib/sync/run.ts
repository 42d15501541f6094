import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import type { SyncOutcome, SyncTrigger } from '#lib/db/generated/client';

export type OpenRun = { id: string; trigger: SyncTrigger; isAttended: boolean; startedAt: Date };

export function newRun(ctx: Context): Pick<OpenRun, 'id' | 'startedAt'> {
  return { id: uuidv7(), startedAt: ctx.clock.now() };
}

/** Begins a run. One that was left open died with its process: the lease that is now held says so. */
export async function openRun(ctx: Context, run: OpenRun & { connectionId: string }): Promise<void> {
  await closeInterruptedRuns(ctx, run.connectionId);
  await ctx.db.syncRun.create({ data: run, select: { id: true } });
}

/** Under the lease: whatever is open but waits for a task of TrueLayer's has no process any more. */
export async function closeInterruptedRuns(ctx: Context, connectionId: string): Promise<void> {
  await ctx.db.$executeRaw`
    update sync_runs r set outcome = 'failed', code = 'interrupted', finished_at = ${ctx.clock.now()}
    where r.connection_id = ${connectionId}::uuid and r.outcome = 'running'
      and not exists (select from sync_tasks t where t.run_id = r.id and t.finished_at is null)`;
}

export type RunEnd = {
  outcome: Exclude<SyncOutcome, 'running'>;
  code: string | null;
  rowsStored: number;
  rowsSetAside: number;
};

export async function closeRun(ctx: Context, runId: string, end: RunEnd): Promise<void> {
  const { rowsStored, rowsSetAside, ...rest } = end;
  await ctx.db.syncRun.updateMany({
    where: { id: runId, outcome: 'running' },
    data: { ...rest, ...toIncrements({ rowsStored, rowsSetAside }), finishedAt: ctx.clock.now() },
  });
}

/** A run that waits has its counts so far written down: whoever goes on with it begins with none. */
export async function pauseRun(
  ctx: Context,
  runId: string,
  counts: Pick<RunEnd, 'rowsStored' | 'rowsSetAside'>,
): Promise<void> {
  await ctx.db.syncRun.updateMany({ where: { id: runId, outcome: 'running' }, data: toIncrements(counts) });
}

function toIncrements({ rowsStored, rowsSetAside }: Pick<RunEnd, 'rowsStored' | 'rowsSetAside'>) {
  return { rowsStored: { increment: rowsStored }, rowsSetAside: { increment: rowsSetAside } };
}
