import 'server-only';
import type { Context } from '#lib/context/context';
import type { Coverage, DaySpan } from './dto.ts';

type Row = DaySpan & { isGap: boolean };

/** Which days are covered by an account together with those joined into it, and which in between are not, oldest first. */
export async function getCoverage(ctx: Context, accountId: string): Promise<Coverage> {
  const rows = await ctx.db.$queryRaw<Row[]>`
    with days as (
      select range_agg(covered) as covered from accounts where id = ${accountId}::uuid or joined_into_id = ${accountId}::uuid
    )
    select lower(span)::text as from, (upper(span) - 1)::text as to, is_gap as "isGap" from (
      select range_merge(covered) as span, false as is_gap from days where not isempty(covered)
      union all
      select unnest(datemultirange(range_merge(covered)) - covered), true from days where not isempty(covered)
    ) as spans order by is_gap, span`;
  const toSpan = ({ from, to }: Row): DaySpan => ({ from, to });
  const [covered] = rows.filter(({ isGap }) => !isGap).map(toSpan);
  return { covered: covered ?? null, gaps: rows.filter(({ isGap }) => isGap).map(toSpan) };
}
