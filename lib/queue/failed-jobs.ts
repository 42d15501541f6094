import 'server-only';
import { fromPrisma } from 'pg-boss';
import type { Context } from '#lib/context/context';
import { askingBoss } from './boss.ts';
import { JOB_NAMES, type JobName } from './contract.ts';

/** Puts a job that has failed for good back into its queue, in the caller's transaction. False: it isn't failed any more. */
export async function retryFailedJob(ctx: Context, job: { name: JobName; id: string }): Promise<boolean> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    select id from pgboss.job where name = ${job.name} and id = ${job.id}::uuid and state = 'failed' for update`;
  if (rows.length === 0) return false;
  await (await askingBoss()).retry(job.name, job.id, { db: fromPrisma(ctx.db) });
  return true;
}

export function isJobName(name: string): name is JobName {
  return (JOB_NAMES as readonly string[]).includes(name);
}
