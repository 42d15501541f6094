import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';

/** A call may end long after it began; an hour older than this changes no more. */
const MAY_CHANGE_MS = 2 * HOUR_MS;
const AT_ONCE_MS = 7 * DAY_MS;

/**
 * Sums the ledger of calls up by the hour. Hours that may still change are summed anew, so that running it twice, or at once,
 * or after a week without it, comes to the same figures.
 */
export async function foldFigures(ctx: Context, signal?: AbortSignal): Promise<void> {
  requireSystem(ctx.actor);
  const newest = await ctx.db.callFigure.aggregate({ _max: { hourAt: true } });
  const settled = newest._max.hourAt === null ? new Date(0) : addMs(newest._max.hourAt, -MAY_CHANGE_MS);
  let from = await firstCallSince(ctx, settled);
  while (from !== null && signal?.aborted !== true) {
    const until = addMs(from, AT_ONCE_MS);
    await foldSpan(ctx, from, until);
    from = await firstCallSince(ctx, until);
  }
}

/** The beginning of the hour of the first call from `since` on. */
async function firstCallSince(ctx: Context, since: Date): Promise<Date | null> {
  const { _min } = await ctx.db.truelayerCall.aggregate({
    where: { startedAt: { gte: since } },
    _min: { startedAt: true },
  });
  return _min.startedAt === null ? null : new Date(Math.floor(_min.startedAt.getTime() / HOUR_MS) * HOUR_MS);
}

async function foldSpan(ctx: Context, from: Date, until: Date): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`select pg_advisory_xact_lock(hashtext('call_figures'))`;
    await tx.db.callFigure.deleteMany({ where: { hourAt: { gte: from, lt: until } } });
    await tx.db.$executeRaw`
      insert into call_figures (hour_at, bank_id, endpoint, code, is_attended, calls, duration_ms)
      select date_bin('1 hour', started_at, '2000-01-01T00:00:00Z'::timestamptz), coalesce(bank_id, ''), endpoint,
        case when finished_at is null then 'unfinished' else coalesce(code, 'ok') end, is_attended,
        count(*)::int, coalesce(sum(duration_ms), 0)::bigint
      from truelayer_calls where started_at >= ${from} and started_at < ${until}
      group by 1, 2, 3, 4, 5`;
  });
}
