import 'server-only';
import { finishLeaving } from '#lib/connections/finish-leaving';
import { finishStop } from '#lib/connections/finish-stop';
import type { JobHandler } from '#lib/jobs/handler';

/** The last stop of somebody who leaves is followed by their leaving. */
export const stopConnectionTask: JobHandler<'connection.stop'> = async (ctx, { connectionId }) => {
  const userId = await finishStop(ctx, connectionId);
  if (userId !== null) await finishLeaving(ctx, userId);
};
