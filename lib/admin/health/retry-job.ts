import 'server-only';
import { z } from 'zod';
import { requireAdmin } from '#lib/actor/authorise';
import { parseReason } from '#lib/admin/connection/act';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { isJobName, retryFailedJob } from '#lib/queue/failed-jobs';

export type RetryJobInput = { name: string; jobId: string; reason: string };

/**
 * A job that has failed for good is done once more. Every job is safe to do again, so the worst is that it fails again.
 * @throws {NotFoundError} no such job; {AppError} conflict `job_not_failed`, `job_person_unknown`; invalid `reason_too_short`
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

type Found = { userId: string }[];

/** By the key of a payload, who the row with that id belongs to. */
const OWNER_BY_KEY: ReadonlyMap<string, (id: string) => Prisma.Sql> = new Map([
  ['userId', (id) => Prisma.sql`select id as "userId" from users where id = ${id}::uuid`],
  ['connectionId', (id) => Prisma.sql`select user_id as "userId" from connections where id = ${id}::uuid`],
  ['accountId', (id) => Prisma.sql`select user_id as "userId" from accounts where id = ${id}::uuid`],
  ['grantId', (id) => Prisma.sql`select user_id as "userId" from support_grants where id = ${id}::uuid`],
  ['emailChangeId', (id) => Prisma.sql`select user_id as "userId" from email_changes where id = ${id}::uuid`],
  [
    'taskId',
    (id) => Prisma.sql`
      select c.user_id as "userId" from sync_tasks t join connections c on c.id = t.connection_id where t.id = ${id}::uuid`,
  ],
]);

/** Keys whose values lead to nobody: a kind of notice and a time. */
const ABOUT_NOBODY: ReadonlySet<string> = new Set(['notice', 'at']);

/**
 * The user that a job is about; null only where its payload names nothing that could be somebody's. The reason is sealed under
 * the key of this user and erased with them, so a job whose user can't be found can't have one.
 * @throws {AppError} conflict `job_person_unknown`: what the payload names has been deleted, or nobody knows whose it is
 */
async function findPerson(tx: Context, jobId: string): Promise<string | null> {
  const [job] = await tx.db.$queryRaw<{ data: unknown }[]>`select data from pgboss.job where id = ${jobId}::uuid`;
  let personId: string | null = null;
  for (const [key, value] of Object.entries(job?.data ?? {})) {
    if (ABOUT_NOBODY.has(key)) continue;
    const ownerOf = OWNER_BY_KEY.get(key);
    const id = z.guid().safeParse(value);
    const [owner] = ownerOf && id.success ? await tx.db.$queryRaw<Found>(ownerOf(id.data)) : [];
    if (owner === undefined) throw new AppError('conflict', 'job_person_unknown');
    personId ??= owner.userId;
  }
  return personId;
}
