import 'server-only';
import type { JobHandler } from '#lib/jobs/handler';
import { sweepTasks } from '#lib/sync/sweep-tasks';

export const sweepTasksTask: JobHandler<'tasks.sweep'> = async (ctx) => {
  const count = await sweepTasks(ctx);
  if (count > 0) ctx.log.warn({ event: 'tasks.swept', count }, 'asynchronous calls that nobody looked after');
};
