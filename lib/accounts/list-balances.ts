import 'server-only';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import { listGroupIds } from './account-group.ts';
import { requireAccount } from './own-account.ts';

export type BalancePoint = { at: Date; current: string; available: string | null; currency: string };

/**
 * An account's balance over time, oldest first: the last reading of each day in its calendar, of those joined into it too.
 * @throws {NotFoundError}
 */
export async function listBalances(
  ctx: Context,
  { accountId, days = 365 }: { accountId: string; days?: number },
): Promise<BalancePoint[]> {
  const { id, zone } = await requireAccount(ctx, accountId);
  const ids = await listGroupIds(ctx, id);
  const since = addMs(ctx.clock.now(), -days * DAY_MS);
  return ctx.db.$queryRaw<BalancePoint[]>`
    select at, current, available, currency from (
      select distinct on (day) day, read_at as at, current::text, available::text, currency from balance_readings
      cross join lateral (select (read_at at time zone ${zone})::date as day) as local
      where account_id = any(${ids}::uuid[]) and read_at >= ${since} order by day, read_at desc
    ) as daily order by at`;
}
