import 'server-only';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import type { CountedCall } from './budget.ts';

/** What a connection and its accounts have used of their four calls in the 24 hours before `now`, oldest first. */
export async function loadCountedCalls(ctx: Context, connectionId: string, now: Date): Promise<CountedCall[]> {
  return ctx.db.$queryRaw<CountedCall[]>`
    select account_id as "accountId", endpoint, started_at as "startedAt" from truelayer_calls
    where is_counted and started_at > ${addMs(now, -DAY_MS)}
      and (connection_id = ${connectionId}::uuid
        or account_id in (select id from accounts where connection_id = ${connectionId}::uuid))
    order by started_at`;
}
