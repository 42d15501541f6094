import 'server-only';
import type { JobHandler } from '#lib/jobs/handler';
import { dispatchDue } from '#lib/sync/dispatch-due';

export const dispatchConnections: JobHandler<'connections.dispatch'> = async (ctx) => {
  const count = await dispatchDue(ctx);
  if (count > 0) ctx.log.info({ event: 'connections.dispatched', count }, 'syncs were asked for');
};
