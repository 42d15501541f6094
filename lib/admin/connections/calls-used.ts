import 'server-only';
import type { Context } from '#lib/context/context';
import { CALLS_A_DAY, type CountedCall, nextFreeAt, usedCalls } from '#lib/sync/budget';
import { addMs, DAY_MS } from '#lib/time/span';

/** What the busiest account of a connection has used of its unattended calls, and from when on there is one more. */
export type CallBudget = { used: number; of: number; nextFreeAt: Date | null };

type Subject = { id: string; isPerEndpoint: boolean };

/** For a page of connections in one query. */
export async function callsUsedBy(ctx: Context, subjects: readonly Subject[]): Promise<Map<string, CallBudget>> {
  const now = ctx.clock.now();
  const calls = await ctx.db.truelayerCall.findMany({
    where: {
      connectionId: { in: subjects.map(({ id }) => id) },
      isCounted: true,
      startedAt: { gt: addMs(now, -DAY_MS) },
    },
    select: { connectionId: true, accountId: true, endpoint: true, startedAt: true },
  });
  const byConnection = Map.groupBy(calls, (call) => call.connectionId);
  return new Map(
    subjects.map(({ id, isPerEndpoint }) => [id, toCallBudget(byConnection.get(id) ?? [], now, isPerEndpoint)]),
  );
}

export function toCallBudget(calls: readonly CountedCall[], now: Date, isPerEndpoint: boolean): CallBudget {
  const targets = isPerEndpoint ? calls : [{ accountId: null, endpoint: '' }];
  const busiest = targets
    .map((target) => ({ target, used: usedCalls(calls, target, now, isPerEndpoint) }))
    .reduce((most, next) => (next.used > most.used ? next : most), { target: NOBODY, used: 0 });
  const isSpent = busiest.used >= CALLS_A_DAY;
  return {
    used: Math.min(busiest.used, CALLS_A_DAY),
    of: CALLS_A_DAY,
    nextFreeAt: isSpent ? nextFreeAt(calls, busiest.target, now, { isPerEndpoint }) : null,
  };
}

const NOBODY = { accountId: null, endpoint: '' };
