import 'server-only';
import type { JobHandler } from '#lib/jobs/handler';
import { sweepTokens } from '#lib/sync/sweep-tokens';

export const sweepTokensTask: JobHandler<'tokens.sweep'> = async (ctx) => {
  const count = await sweepTokens(ctx);
  if (count > 0) ctx.log.info({ event: 'tokens.swept', count }, 'idle tokens are being refreshed');
};
