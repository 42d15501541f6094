import 'server-only';
import { notifyOldEmail } from '#lib/auth/object-to-email-change';
import type { JobHandler } from '#lib/jobs/handler';

export const notifyOldEmailTask: JobHandler<'email_change.notify'> = (ctx, { emailChangeId }) =>
  notifyOldEmail(ctx, { emailChangeId });
