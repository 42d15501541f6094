import 'server-only';
import type { JobHandler } from '#lib/jobs/handler';
import { letGo } from '#lib/retention/let-go';

export const letGoTask: JobHandler<'retention.sweep'> = async (ctx, _, signal) => {
  const gone = await letGo(ctx, { signal });
  if (gone.length > 0) ctx.log.info({ event: 'retention.swept', gone }, 'rows that had been kept long enough');
};
