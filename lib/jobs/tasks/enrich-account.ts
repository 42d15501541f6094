import 'server-only';
import { enrichAccount } from '#lib/enrich/enrich-account';
import { type JobHandler, JobStoppedError } from '#lib/jobs/handler';

export const enrichAccountTask: JobHandler<'account.enrich'> = async (ctx, { accountId }, signal) => {
  await enrichAccount(ctx, { accountId, signal });
  if (signal.aborted) throw new JobStoppedError();
};
