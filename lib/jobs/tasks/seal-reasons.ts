import 'server-only';
import { sealMovedReasons } from '#lib/audit/seal-moved-reasons';
import type { JobHandler } from '#lib/jobs/handler';

export const sealReasonsTask: JobHandler<'reasons.seal'> = async (ctx, _, signal) => {
  const sealed = await sealMovedReasons(ctx, { signal });
  if (sealed > 0) ctx.log.info({ event: 'audit.reasons_sealed', sealed }, 'sealed reasons of an earlier release');
};
