import 'server-only';
import { sendSecurityNotice } from '#lib/auth/passkeys/security-notice';
import type { JobHandler } from '#lib/jobs/handler';

export const sendSecurityNoticeTask: JobHandler<'user.security-notice'> = (ctx, payload) =>
  sendSecurityNotice(ctx, payload);
