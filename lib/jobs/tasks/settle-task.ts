import 'server-only';
import { type JobHandler, JobStoppedError } from '#lib/jobs/handler';
import { settleTask } from '#lib/sync/settle-task';

export const settleTaskTask: JobHandler<'task.settle'> = async (ctx, { taskId }, signal) => {
  await settleTask(ctx, { taskId, signal });
  if (signal.aborted) throw new JobStoppedError();
};
