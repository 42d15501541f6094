import 'server-only';
import { retireGrants } from '#lib/connections/retire-grants';
import type { JobHandler } from '#lib/jobs/handler';

export const retireGrantsTask: JobHandler<'grants.retire'> = async (ctx, { connectionId }) => {
  await retireGrants(ctx, connectionId);
};
