import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { askMany } from '#lib/queue/ask';
import { addMs } from '#lib/time/span';
import { ASKING_LIFE_MS } from './sync-task.ts';

const BATCH = 500;

/** Tasks whose own looking was lost, with a queue or a process: somebody has to end them. */
export async function sweepTasks(ctx: Context): Promise<number> {
  requireSystem(ctx.actor);
  const now = ctx.clock.now();
  const tasks = await ctx.db.syncTask.findMany({
    where: {
      finishedAt: null,
      OR: [{ expiresAt: { lte: now } }, { status: 'asking', askedAt: { lte: addMs(now, -ASKING_LIFE_MS) } }],
    },
    select: { id: true },
    orderBy: { expiresAt: 'asc' },
    take: BATCH,
  });
  await askMany(
    ctx,
    'task.settle',
    tasks.map(({ id }) => ({ payload: { taskId: id }, key: `${id} swept` })),
  );
  return tasks.length;
}
