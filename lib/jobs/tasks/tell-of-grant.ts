import 'server-only';
import { tellOfGrant } from '#lib/admin/grants/tell-of-grant';
import type { JobHandler } from '#lib/jobs/handler';

export const tellOfGrantTask: JobHandler<'grant.tell'> = (ctx, { grantId }) => tellOfGrant(ctx, { grantId });
