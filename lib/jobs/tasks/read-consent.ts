import 'server-only';
import type { JobHandler } from '#lib/jobs/handler';
import { readConsent } from '#lib/sync/read-consent';

export const readConsentTask: JobHandler<'consent.read'> = (ctx, { connectionId }) =>
  readConsent(ctx, { connectionId });
