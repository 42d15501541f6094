import 'server-only';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS, MINUTE_MS } from '#lib/time/span';
import type { Metric } from './exposition.ts';
import { gauge } from './process-metrics.ts';

/**
 * Of the whole deployment, the same from every process. Each is read from rows that are kept for it (counts by state, figures
 * by the hour, the queue's own) or found by an index, so that a million connections cost no more than ten.
 */
export function databaseMetrics(ctx: Context): Promise<Metric[]> {
  return Promise.all([
    connections(ctx),
    overdue(ctx),
    calls(ctx),
    callSeconds(ctx),
    breakers(ctx),
    queueWaiting(ctx),
    queueOldest(ctx),
    queueFailed(ctx),
    workers(ctx),
    reminders(ctx),
    openTasks(ctx),
    seals(ctx),
  ]);
}

async function connections(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ status: string; value: number }[]>`
    select status::text, sum(count)::float8 as value from (
      select status, count from connection_counts union all select status, change from connection_count_changes
    ) each group by status order by status`;
  const samples = rows.map(({ status, value }) => ({ value, labels: { status } }));
  return { name: 'linkwell_connections', help: 'Connections by state.', type: 'gauge', samples };
}

async function overdue(ctx: Context): Promise<Metric> {
  const [row] = await ctx.db.$queryRaw<[{ value: number }]>`
    select count(*)::float8 as value from (
      select 1 from connections where next_sync_at < ${addMs(ctx.clock.now(), -15 * MINUTE_MS)} limit 10000) late`;
  return gauge('linkwell_syncs_overdue', 'Syncs due for over 15 minutes (counted up to 10000).', row.value);
}

async function calls(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ endpoint: string; code: string; is_attended: boolean; value: number }[]>`
    select endpoint, code, is_attended, sum(calls)::float8 as value from call_figures
    where hour_at > ${addMs(ctx.clock.now(), -DAY_MS)} group by 1, 2, 3 order by 1, 2, 3`;
  const samples = rows.map(({ endpoint, code, is_attended, value }) => ({
    value,
    labels: { endpoint, code, attended: String(is_attended) },
  }));
  return { name: 'linkwell_truelayer_calls_day', help: 'Calls to TrueLayer of 24 hours.', type: 'gauge', samples };
}

async function callSeconds(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ endpoint: string; value: number }[]>`
    select endpoint, (sum(duration_ms) / sum(calls) / 1000)::float8 as value from call_figures
    where hour_at > ${addMs(ctx.clock.now(), -DAY_MS)} group by 1 order by 1`;
  const samples = rows.map(({ endpoint, value }) => ({ value, labels: { endpoint } }));
  return { name: 'linkwell_truelayer_call_seconds', help: 'Mean time of a call, of 24 hours.', type: 'gauge', samples };
}

async function breakers(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ bank: string }[]>`
    select id as bank from banks where breaker_open_until > ${ctx.clock.now()} order by id limit 100`;
  const samples = rows.map(({ bank }) => ({ value: 1, labels: { bank } }));
  return { name: 'linkwell_bank_breaker_open', help: 'Banks that are being left in peace.', type: 'gauge', samples };
}

async function queueWaiting(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ job: string; ready: number; active: number }[]>`
    select name as job, ready_count::float8 as ready, active_count::float8 as active from pgboss.queue
    where name not like '\\_\\_%' order by name`;
  const samples = rows.flatMap(({ job, ready, active }) => [
    { value: ready, labels: { job, state: 'waiting' } },
    { value: active, labels: { job, state: 'running' } },
  ]);
  return { name: 'linkwell_jobs', help: 'Jobs that wait and run, as the queue last counted.', type: 'gauge', samples };
}

async function queueOldest(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ job: string; value: number }[]>`
    select name as job, coalesce(ready_oldest_seconds, 0)::float8 as value from pgboss.queue
    where name not like '\\_\\_%' order by name`;
  const samples = rows.map(({ job, value }) => ({ value, labels: { job } }));
  return { name: 'linkwell_job_oldest_seconds', help: 'How long the oldest job has waited.', type: 'gauge', samples };
}

async function queueFailed(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ job: string; value: number }[]>`
    select name as job, failed_count::float8 as value from pgboss.queue where name not like '\\_\\_%' order by name`;
  const samples = rows.map(({ job, value }) => ({ value, labels: { job } }));
  return { name: 'linkwell_jobs_failed', help: 'Jobs that failed for good, kept for 3 days.', type: 'gauge', samples };
}

async function workers(ctx: Context): Promise<Metric> {
  const [row] = await ctx.db.$queryRaw<[{ value: number }]>`
    select count(*)::float8 as value from pgboss.instance
    where supervise and stopped_on is null and heartbeat_on > now() - make_interval(secs => heartbeat_seconds * 3)`;
  return gauge('linkwell_workers', 'Worker processes that are alive.', row.value);
}

async function reminders(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ state: string; value: number }[]>`
    select state, count(*)::float8 as value from reminders
    where consent_ends_at > ${addMs(ctx.clock.now(), -DAY_MS)} and planned_at > ${addMs(ctx.clock.now(), -DAY_MS)}
    group by 1 order by 1`;
  const samples = rows.map(({ state, value }) => ({ value, labels: { state } }));
  return { name: 'linkwell_reminders_day', help: 'Reminders by state, of 24 hours.', type: 'gauge', samples };
}

async function openTasks(ctx: Context): Promise<Metric> {
  const [row] = await ctx.db.$queryRaw<[{ value: number }]>`
    select coalesce(max(extract(epoch from ${ctx.clock.now()} - asked_at)), 0)::float8 as value from sync_tasks
    where finished_at is null and expires_at > ${ctx.clock.now()}`;
  return gauge('linkwell_task_oldest_seconds', 'Age of the oldest asynchronous call without an end.', row.value);
}

async function seals(ctx: Context): Promise<Metric> {
  const rows = await ctx.db.$queryRaw<{ kid: string; value: number }[]>`
    select kid, seals::float8 as value from seal_counts order by kid`;
  const samples = rows.map(({ kid, value }) => ({ value, labels: { kid } }));
  return { name: 'linkwell_seals', help: 'Values that each key has sealed, at most.', type: 'gauge', samples };
}
