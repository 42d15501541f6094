import 'server-only';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { addMs, DAY_MS } from '#lib/time/span';
import type { HealthSample } from '#lib/truelayer/catalogue-schemas';
import { TrueLayerError } from '#lib/truelayer/error';

/** How banks do: what TrueLayer measures, and what became of our own newest calls and trips. Advice, and never a barrier. */
export async function measureBanks(ctx: Context): Promise<void> {
  await countOwnCalls(ctx);
  try {
    const { items } = await trueLayer().getStatus();
    await storeAvailability(ctx, newestByBank(items));
  } catch (error) {
    if (!(error instanceof TrueLayerError)) throw error;
    // What was measured before grows old and then counts for nothing.
    ctx.log.warn({ event: 'banks.status_unavailable', error }, 'TrueLayer’s status could not be read');
  }
}

/** Too little traffic is no news: then the sample before says more. */
function newestByBank(samples: readonly HealthSample[]): Map<string, number> {
  const byTime = samples.toSorted((one, other) => (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0));
  const entries = byTime
    .flatMap(({ banks }) => banks)
    .flatMap(({ bankId, availabilityPercent: percent }): [string, number][] =>
      bankId === null || percent === null ? [] : [[bankId, Math.min(100, Math.max(0, percent))]],
    );
  return new Map(entries);
}

async function storeAvailability(ctx: Context, percents: ReadonlyMap<string, number>): Promise<void> {
  await ctx.db.$executeRaw`
    update banks b set availability_percent = m.percent, health_checked_at = ${ctx.clock.now()}
    from unnest(${[...percents.keys()]}::text[], ${[...percents.values()]}::numeric[]) as m (id, percent)
    where b.id = m.id`;
}

const NEWEST = 100;

async function countOwnCalls(ctx: Context): Promise<void> {
  const since = addMs(ctx.clock.now(), -DAY_MS);
  await ctx.db.$executeRaw`
    update banks b set recent_calls = r.calls, recent_faults = r.faults
    from banks each_bank cross join lateral (
      select count(*)::int as calls, count(*) filter (where e.is_fault)::int as faults from (
        (select coalesce(c.http_status >= 500, true) as is_fault from truelayer_calls c
          where c.bank_id = each_bank.id and c.started_at > ${since} and c.finished_at is not null
          order by c.started_at desc limit ${NEWEST})
        union all
        (select s.outcome in ('bank_trouble', 'bank_unavailable') from journey_steps s
          where s.bank_id = each_bank.id and s.at > ${since} and s.step = 'ended'
            and s.outcome in ('linked', 'bank_trouble', 'bank_unavailable')
          order by s.at desc limit ${NEWEST})
      ) e
    ) r
    where b.id = each_bank.id and (b.recent_calls, b.recent_faults) is distinct from (r.calls, r.faults)`;
}
