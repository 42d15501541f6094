import 'server-only';
import { z } from 'zod';
import { requireAdmin } from '#lib/actor/authorise';
import { parseReason } from '#lib/admin/connection/act';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { isJobName, retryFailedJob } from '#lib/queue/failed-jobs';

export type RetryJobInput = { name: string; jobId: string; reason: string };

/**
 * A job that has failed for good is done once more. Every job is safe to do again, so the worst is that it fails again.
 * @throws {NotFoundError} no such job; {AppError} conflict `job_not_failed`; invalid `reason_too_short`
 */
export async function retryJob(ctx: Context, input: RetryJobInput): Promise<void> {
  requireAdmin(ctx.actor);
  const { name, jobId } = input;
  if (!isJobName(name) || !z.guid().safeParse(jobId).success) throw new NotFoundError('job');
  const reason = parseReason(input.reason);
  await inTransaction(ctx, async (tx) => {
    if (!(await retryFailedJob(tx, { name, id: jobId }))) throw new AppError('conflict', 'job_not_failed');
    await recordAudit(tx, { action: 'job.retried', subject: { kind: 'job', id: jobId }, after: { name }, reason });
  });
}
