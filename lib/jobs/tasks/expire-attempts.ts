import 'server-only';
import { expireAttempts } from '#lib/connections/expire-attempts';
import type { JobHandler } from '#lib/jobs/handler';

export const expireAttemptsTask: JobHandler<'attempts.expire'> = async (ctx) => {
  const count = await expireAttempts(ctx);
  if (count > 0) ctx.log.info({ event: 'attempts.expired', count }, 'attempts that never came back');
};
