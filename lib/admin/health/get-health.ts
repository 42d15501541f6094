import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { type ConnectionCounts, readCounts } from '#lib/admin/connections/count-connections';
import type { Context } from '#lib/context/context';
import { checkReadiness, type Readiness } from '#lib/health/readiness';
import { listDirectLinkRefusals } from '#lib/settings/direct-link-refusals';
import { addMs, DAY_MS } from '#lib/time/span';
import { type KeyRingHealth, readKeyRing } from './read-key-ring.ts';
import { type QuotaUse, readQuotaUse } from './read-quota-use.ts';

export type Health = {
  readiness: Readiness;
  counts: ConnectionCounts;
  /** What connections stand at: the commonest errors first. */
  errors: { code: string; connections: number }[];
  /** Of the last 24 hours. */
  calls: { attended: number; unattended: number; failed: number };
  quota: QuotaUse;
  webhooks: { heard: number; unheard: number; slowestSeconds: number | null; lost: number };
  /** Of 30 days: consents that a bank may list and for which nobody here has tokens. */
  unknownConsents: number;
  /** Banks to which TrueLayer refuses direct links at the moment. */
  directLinksRefused: number;
  mails: { sent: number; failed: number; due: number };
  database: { version: string; bytes: number; connections: number; mostConnections: number };
  keyRing: KeyRingHealth;
};

export async function getHealth(ctx: Context): Promise<Health> {
  requireAdmin(ctx.actor);
  const since = addMs(ctx.clock.now(), -DAY_MS);
  const counts = await readCounts(ctx);
  const [readiness, errors, calls, quota, webhooks, mails, database, keyRing, unknownConsents, refusals] =
    await Promise.all([
      checkReadiness(),
      readErrors(ctx),
      readCalls(ctx, since),
      readQuotaUse(ctx),
      readWebhooks(ctx, since),
      readMails(ctx, since),
      readDatabase(ctx),
      readKeyRing(ctx),
      countUnknownConsents(ctx),
      listDirectLinkRefusals(ctx),
    ]);
  return {
    readiness,
    counts,
    errors,
    calls,
    quota,
    webhooks,
    unknownConsents,
    directLinksRefused: refusals.length,
    mails,
    database,
    keyRing,
  };
}

const UNKNOWN_CONSENT_DAYS = 30;

function countUnknownConsents(ctx: Context): Promise<number> {
  const since = addMs(ctx.clock.now(), -UNKNOWN_CONSENT_DAYS * DAY_MS);
  return ctx.db.attempt.count({ where: { unknownConsentAt: { gt: since } } });
}

function readErrors(ctx: Context): Promise<Health['errors']> {
  return ctx.db.$queryRaw<Health['errors']>`
    select last_error_code as code, count(*)::int as connections from connections
    where last_error_code is not null and status not in ('revoked', 'failed') group by 1 order by 2 desc, 1 limit 10`;
}

async function readCalls(ctx: Context, since: Date): Promise<Health['calls']> {
  const [row] = await ctx.db.$queryRaw<[Health['calls']]>`
    select coalesce(sum(calls) filter (where is_attended), 0)::int as attended,
      coalesce(sum(calls) filter (where not is_attended), 0)::int as unattended,
      coalesce(sum(calls) filter (where code not in ('ok', 'unfinished')), 0)::int as failed
    from call_figures where hour_at > ${since}`;
  return row;
}

/** Whether TrueLayer tells us when it is done. A task that nobody told us about is found by asking, only later. */
async function readWebhooks(ctx: Context, since: Date): Promise<Health['webhooks']> {
  const [row] = await ctx.db.$queryRaw<[Health['webhooks']]>`
    select count(*) filter (where hinted_at is not null)::int as heard,
      count(*) filter (where hinted_at is null and finished_at is not null)::int as unheard,
      count(*) filter (where status = 'expired')::int as lost,
      extract(epoch from max(finished_at - hinted_at))::int as "slowestSeconds"
    from sync_tasks where expires_at > ${since} and asked_at > ${since}`;
  return row;
}

async function readMails(ctx: Context, since: Date): Promise<Health['mails']> {
  const [row] = await ctx.db.$queryRaw<[Health['mails']]>`
    select count(*) filter (where state = 'sent')::int as sent, count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state in ('planned', 'sending') and try_after <= ${ctx.clock.now()})::int as due
    from reminders where planned_at > ${since}`;
  return row;
}

async function readDatabase(ctx: Context): Promise<Health['database']> {
  const [row] = await ctx.db.$queryRaw<[{ version: string; bytes: bigint; connections: number; most: number }]>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
      (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
      current_setting('max_connections')::int as most`;
  return {
    version: row.version,
    bytes: Number(row.bytes),
    connections: row.connections,
    mostConnections: row.most,
  };
}
