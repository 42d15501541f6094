import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { JOB_NAMES } from '#lib/queue/contract';

export type QueueLine = {
  name: string;
  waiting: number;
  running: number;
  failed: number;
  /** How long the oldest job that could run has waited. */
  oldestSeconds: number | null;
};

export type WorkerLine = { id: string; host: string; pid: number; startedAt: Date; seenAt: Date; isAlive: boolean };

export type FailedJob = {
  id: string;
  name: string;
  failedAt: Date;
  tries: number;
  code: string | null;
  connectionId: string | null;
};

/** The queue lives on the database's own clock, whatever day the stand-in has. */
export async function listQueues(ctx: Context): Promise<QueueLine[]> {
  requireAdmin(ctx.actor);
  const rows = await ctx.db.$queryRaw<QueueLine[]>`
    select name,
      count(*) filter (where state in ('created', 'retry'))::int as waiting,
      count(*) filter (where state = 'active')::int as running,
      count(*) filter (where state = 'failed')::int as failed,
      extract(epoch from now() - min(start_after) filter (where state in ('created', 'retry') and start_after <= now()))::int
        as "oldestSeconds"
    from pgboss.job where state in ('created', 'retry', 'active', 'failed') and name = any(${[...JOB_NAMES]})
    group by name`;
  const byName = new Map(rows.map((row) => [row.name, row]));
  return JOB_NAMES.map(
    (name) => byName.get(name) ?? { name, waiting: 0, running: 0, failed: 0, oldestSeconds: null },
  ).sort((one, other) => one.name.localeCompare(other.name));
}

/** Every process that works jobs says so again and again; one that has stopped saying so is shown for a day. */
export async function listWorkers(ctx: Context): Promise<WorkerLine[]> {
  requireAdmin(ctx.actor);
  return ctx.db.$queryRaw<WorkerLine[]>`
    select id, host, pid, started_on as "startedAt", heartbeat_on as "seenAt",
      stopped_on is null and heartbeat_on > now() - make_interval(secs => heartbeat_seconds * 3) as "isAlive"
    from pgboss.instance where supervise and stopped_on is null and heartbeat_on > now() - interval '1 day'
    order by heartbeat_on desc limit 50`;
}

const MOST_FAILED = 100;

/** What a job was about is an id in its payload; nothing else of the payload is read. */
export async function listFailedJobs(ctx: Context): Promise<FailedJob[]> {
  requireAdmin(ctx.actor);
  return ctx.db.$queryRaw<FailedJob[]>`
    select id, name, coalesce(completed_on, created_on) as "failedAt", retry_count + 1 as tries, output ->> 'code' as code,
      data ->> 'connectionId' as "connectionId"
    from pgboss.job where state = 'failed' and name = any(${[...JOB_NAMES]})
    order by completed_on desc nulls last, id limit ${MOST_FAILED}`;
}
