import 'server-only';
import type { JobHandler } from '#lib/jobs/handler';
import { reviewConnections } from '#lib/sync/review-connections';

export const reviewConnectionsTask: JobHandler<'connections.review'> = async (ctx, _, signal) => {
  const count = await reviewConnections(ctx, signal);
  if (count > 0) ctx.log.info({ event: 'connections.reviewed', count }, 'statuses that time has changed');
};
