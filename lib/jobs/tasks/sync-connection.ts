import 'server-only';
import { type JobHandler, JobStoppedError } from '#lib/jobs/handler';
import { syncUnattended } from '#lib/sync/sync-unattended';

export const syncConnectionTask: JobHandler<'connection.sync'> = async (ctx, { connectionId }, signal) => {
  await syncUnattended(ctx, { connectionId, signal });
  if (signal.aborted) throw new JobStoppedError();
};
