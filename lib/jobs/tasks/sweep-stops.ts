import 'server-only';
import { sweepLeaving } from '#lib/connections/finish-leaving';
import { sweepStops } from '#lib/connections/sweep-stops';
import type { JobHandler } from '#lib/jobs/handler';

export const sweepStopsTask: JobHandler<'stops.sweep'> = async (ctx) => {
  const count = (await sweepStops(ctx)) + (await sweepLeaving(ctx));
  if (count > 0) ctx.log.info({ event: 'stops.swept', count }, 'promises to stop that are being kept');
};
