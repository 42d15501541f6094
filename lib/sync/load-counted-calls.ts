import 'server-only';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import type { CountedCall } from './budget.ts';

/**
 * What a connection and its accounts have used of their four calls in the 24 hours before `now`, oldest first. What was used
 * for an account counts for each that it is joined with: they are one account at the bank.
 */
export async function loadCountedCalls(ctx: Context, connectionId: string, now: Date): Promise<CountedCall[]> {
  return ctx.db.$queryRaw<CountedCall[]>`
    select account_id as "accountId", endpoint, started_at as "startedAt" from truelayer_calls
    where is_counted and started_at > ${addMs(now, -DAY_MS)}
      and (connection_id = ${connectionId}::uuid
        or account_id in (select id from accounts where connection_id = ${connectionId}::uuid))
    union all
    select own.id, c.endpoint, c.started_at
    from accounts own join accounts joined on joined.id <> own.id and joined.user_id = own.user_id
      and coalesce(joined.joined_into_id, joined.id) = coalesce(own.joined_into_id, own.id)
    join truelayer_calls c on c.account_id = joined.id and c.is_counted and c.started_at > ${addMs(now, -DAY_MS)}
    where own.connection_id = ${connectionId}::uuid
    order by 3`;
}
