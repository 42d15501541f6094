import 'server-only';
import type { Context } from '#lib/context/context';
import { CALLS_A_DAY } from '#lib/sync/budget';
import { addMs, DAY_MS } from '#lib/time/span';

/** Calls that count, of the last 24 hours, and how many banks allow. */
export type QuotaUse = { used: number; allowed: number };

/**
 * How much of the call quota is used, over every account that jobs may fetch. A bank allows four unattended calls a day for each
 * account, or for each account and endpoint if it is configured so; accounts that are joined are one. A call for a whole
 * connection counts for each of its accounts, as the database counts it. Attended calls, and those that TrueLayer answers by
 * itself, count for nothing.
 */
export async function readQuotaUse(ctx: Context): Promise<QuotaUse> {
  const since = addMs(ctx.clock.now(), -DAY_MS);
  const [row] = await ctx.db.$queryRaw<[QuotaUse]>`
    with fetched as (
      select a.id, a.connection_id, coalesce(a.joined_into_id, a.id) as root_id, b.limits_per_endpoint
      from accounts a join connections c on c.id = a.connection_id join banks b on b.id = c.bank_id
      where a.gone_at is null and c.status in ('active', 'degraded', 'pending', 'needs_reconfirmation')),
    counted as (
      select account_id, connection_id, endpoint, count(*) as calls from truelayer_calls
      where is_counted and started_at > ${since} group by 1, 2, 3),
    quotas as (
      select root_id, case when limits_per_endpoint then endpoint else '' end as endpoint, sum(calls) as calls
      from (
        select f.root_id, f.limits_per_endpoint, k.endpoint, k.calls from fetched f join counted k on k.account_id = f.id
        union all
        select f.root_id, f.limits_per_endpoint, k.endpoint, k.calls from fetched f
        join counted k on k.connection_id = f.connection_id and k.account_id is null) as calls_of_accounts
      group by 1, 2)
    select coalesce(sum(least(coalesce(q.calls, 0), ${CALLS_A_DAY})), 0)::int as used, (count(*) * ${CALLS_A_DAY})::int as allowed
    from (select distinct root_id from fetched) as roots left join quotas q using (root_id)`;
  return row;
}
