import 'server-only';
import { isOver, STALE_HOURS } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { type ConnectionFilter, type ConnectionSort, STATUSES } from './filter.ts';
import type { Match } from './match.ts';

/** A place in an order: the value it is ordered by, and the id that tells equal ones apart. */
export type Place = { key: string; id: string };

export type IdPage = { places: Place[]; hasEarlier: boolean; hasLater: boolean };

type PageInput = { filter: ConnectionFilter; match: Match; limit: number; after?: Place | null; before?: Place | null };

/**
 * One page of ids. For each state one walk along the index of that order, cut at the page's length, and the walks merged: what
 * it costs depends on the length of the page and not on that of the table.
 */
export async function pageOfIds(ctx: Context, input: PageInput): Promise<IdPage> {
  const { filter, limit, after = null, before = null } = input;
  const isBackwards = before !== null && after === null;
  const place = isBackwards ? before : after;
  const order = isBackwards ? opposite(filter.order) : filter.order;
  const walks = statusesOf(filter).map((status) => walkOf(ctx, input, { status, order, place }));
  if (walks.length === 0) return { places: [], hasEarlier: false, hasLater: false };
  const direction = DIRECTIONS[order];
  const rows = await ctx.db.$queryRaw<Place[]>`
    select id, key::text as key from (${Prisma.join(walks, ' union all ')}) walks
    order by walks.key ${direction}, walks.id ${direction} limit ${limit + 1}`;
  const hasMore = rows.length > limit;
  const places = rows.slice(0, limit);
  if (isBackwards) return { places: places.reverse(), hasEarlier: hasMore, hasLater: true };
  return { places, hasEarlier: place !== null, hasLater: hasMore };
}

const KEYS: Record<ConnectionSort, Prisma.Sql> = {
  newest: Prisma.sql`c.id`,
  ends: Prisma.sql`coalesce(c.consent_expires_at, 'infinity'::timestamptz)`,
  updated: Prisma.sql`coalesce(c.last_synced_at, c.connected_at)`,
};

const KEY_TYPES: Record<ConnectionSort, Prisma.Sql> = {
  newest: Prisma.sql`uuid`,
  ends: Prisma.sql`timestamptz`,
  updated: Prisma.sql`timestamptz`,
};

const DIRECTIONS = { asc: Prisma.sql`asc`, desc: Prisma.sql`desc` };

function opposite(order: 'asc' | 'desc'): 'asc' | 'desc' {
  return order === 'asc' ? 'desc' : 'asc';
}

/** By end or by update only what isn't over: of the rest neither has a meaning any more. */
function statusesOf(filter: ConnectionFilter): readonly string[] {
  const candidates = filter.state === undefined ? STATUSES : [filter.state];
  return filter.sort === 'newest' ? candidates : candidates.filter((status) => !isOver(status));
}

type Walk = { status: string; order: 'asc' | 'desc'; place: Place | null };

function walkOf(ctx: Context, { filter, match, limit }: PageInput, { status, order, place }: Walk): Prisma.Sql {
  const key = KEYS[filter.sort];
  const direction = DIRECTIONS[order];
  const conditions = [
    Prisma.sql`c.status = ${status}::connection_status`,
    ...conditionsOf(ctx, filter, match),
    ...(place === null ? [] : [beyond(filter.sort, order, place)]),
  ];
  return Prisma.sql`(select c.id, ${key} as key from connections c where ${Prisma.join(conditions, ' and ')}
    order by ${key} ${direction}, c.id ${direction} limit ${limit + 1})`;
}

function beyond(sort: ConnectionSort, order: 'asc' | 'desc', place: Place): Prisma.Sql {
  const comparison = order === 'asc' ? Prisma.sql`>` : Prisma.sql`<`;
  return Prisma.sql`(${KEYS[sort]}, c.id) ${comparison} (${place.key}::${KEY_TYPES[sort]}, ${place.id}::uuid)`;
}

function conditionsOf(ctx: Context, filter: ConnectionFilter, match: Match): Prisma.Sql[] {
  const now = ctx.clock.now();
  const conditions: Prisma.Sql[] = [];
  if (filter.bank !== undefined) conditions.push(Prisma.sql`c.bank_id = ${filter.bank}`);
  if (filter.error !== undefined) conditions.push(Prisma.sql`c.last_error_code = ${filter.error}`);
  if (filter.ends !== undefined) {
    const until = addMs(now, filter.ends * DAY_MS);
    conditions.push(Prisma.sql`${KEYS.ends} > ${now} and ${KEYS.ends} <= ${until}`);
  }
  if (filter.stale !== undefined) {
    conditions.push(Prisma.sql`${KEYS.updated} < ${addMs(now, -STALE_HOURS * HOUR_MS)}`);
  }
  if (match.kind === 'connections') conditions.push(Prisma.sql`c.id = any(${match.connectionIds}::uuid[])`);
  if (match.kind === 'people_or_banks') {
    conditions.push(
      Prisma.sql`(c.user_id = any(${match.userIds}::uuid[]) or c.bank_id = any(${match.bankIds}::text[]))`,
    );
  }
  return conditions;
}
