import 'server-only';
import { requireAdmin, requireSystem } from '#lib/actor/authorise';
import type { ConnectionStatus } from '#lib/connections/status';
import type { Context } from '#lib/context/context';

export type ConnectionCounts = Record<ConnectionStatus, number>;

/** How many connections are in each state: exact, and read from a handful of rows however many there are. */
export async function countConnections(ctx: Context): Promise<ConnectionCounts> {
  requireAdmin(ctx.actor);
  return readCounts(ctx);
}

export async function readCounts(ctx: Context): Promise<ConnectionCounts> {
  const rows = await ctx.db.$queryRaw<{ status: ConnectionStatus; count: number }[]>`
    select status, sum(count)::int as count from (
      select status, count from connection_counts union all select status, change from connection_count_changes
    ) all_of_them group by status`;
  const counts: ConnectionCounts = { ...NONE };
  for (const { status, count } of rows) counts[status] = count;
  return counts;
}

const NONE: ConnectionCounts = {
  pending: 0,
  active: 0,
  degraded: 0,
  needs_reconfirmation: 0,
  needs_reauthentication: 0,
  expired: 0,
  revoking: 0,
  revoked: 0,
  failed: 0,
};

/** Folds the changes since the last time into the counts. Each change goes once, however many do this at once. */
export async function foldCounts(ctx: Context): Promise<void> {
  requireSystem(ctx.actor);
  await ctx.db.$executeRaw`
    with folded as (delete from connection_count_changes returning status, change),
    sums as (select status, sum(change) as change from folded group by status order by status)
    insert into connection_counts (status, count) select status, change from sums
    on conflict (status) do update set count = connection_counts.count + excluded.count`;
}
