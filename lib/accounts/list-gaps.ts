import 'server-only';
import type { Context } from '#lib/context/context';
import type { DaySpan } from './dto.ts';

/** Days between the first and the last covered one that are not covered, oldest first. */
export async function listGaps(ctx: Context, accountId: string): Promise<DaySpan[]> {
  return ctx.db.$queryRaw<DaySpan[]>`
    select lower(gap)::text as from, (upper(gap) - 1)::text as to
    from accounts, unnest(datemultirange(range_merge(covered)) - covered) as gap
    where id = ${accountId}::uuid and not isempty(covered) order by gap`;
}
