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
    await recordAudit(tx, {
      action: 'job.retried',
      subject: { kind: 'job', id: jobId },
      personId: await findPerson(tx, jobId),
      after: { name },
      typedReason: reason,
    });
  });
}

/** The user that a job is about, by the id in its payload; null for jobs about nobody. */
async function findPerson(tx: Context, jobId: string): Promise<string | null> {
  const [row] = await tx.db.$queryRaw<{ userId: string | null }[]>`
    select coalesce(u.id, c.user_id, a.user_id, g.user_id, tc.user_id) as "userId"
    from pgboss.job j
      left join users u on u.id = (j.data ->> 'userId')::uuid
      left join connections c on c.id = (j.data ->> 'connectionId')::uuid
      left join accounts a on a.id = (j.data ->> 'accountId')::uuid
      left join support_grants g on g.id = (j.data ->> 'grantId')::uuid
      left join sync_tasks t on t.id = (j.data ->> 'taskId')::uuid
      left join connections tc on tc.id = t.connection_id
    where j.id = ${jobId}::uuid`;
  return row?.userId ?? null;
}
