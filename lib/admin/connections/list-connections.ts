import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { callsUsedBy } from './calls-used.ts';
import { type ConnectionLineWithCalls, LINE, toConnectionLine } from './dto.ts';
import type { ConnectionFilter } from './filter.ts';
import { type Match, matchSearch } from './match.ts';
import { pageOfIds } from './page-of-ids.ts';
import { parseCursor, toCursor } from './place.ts';

export const PAGE_LENGTH = 50;

export type ConnectionPage = {
  lines: ConnectionLineWithCalls[];
  /** Where the pages before and after this one begin. */
  before: string | null;
  after: string | null;
  /** The search fits more people than are looked at. */
  isCut: boolean;
};

/** Any person's connections, a page at a time. */
export async function listConnections(ctx: Context, filter: ConnectionFilter): Promise<ConnectionPage> {
  requireAdmin(ctx.actor);
  const match = await matchSearch(ctx, filter.q);
  const page = await pageOfIds(ctx, {
    filter,
    match,
    limit: PAGE_LENGTH,
    after: parseCursor(filter.after, filter.sort),
    before: parseCursor(filter.before, filter.sort),
  });
  const [first, last] = [page.places.at(0), page.places.at(-1)];
  return {
    lines: await loadLines(
      ctx,
      page.places.map(({ id }) => id),
    ),
    before: page.hasEarlier && first !== undefined ? toCursor(first) : null,
    after: page.hasLater && last !== undefined ? toCursor(last) : null,
    isCut: isCut(match),
  };
}

/** In the order of the ids. One that went away in between is left out. */
async function loadLines(ctx: Context, ids: readonly string[]): Promise<ConnectionLineWithCalls[]> {
  const rows = await ctx.db.connection.findMany({ where: { id: { in: [...ids] } }, select: LINE });
  const calls = await callsUsedBy(
    ctx,
    rows.map((row) => ({ id: row.id, isPerEndpoint: row.bank.limitsPerEndpoint })),
  );
  const now = ctx.clock.now();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    const budget = calls.get(id);
    return row === undefined || budget === undefined ? [] : { ...toConnectionLine(row, now), calls: budget };
  });
}

function isCut(match: Match): boolean {
  return match.kind === 'people_or_banks' && match.isCut;
}
