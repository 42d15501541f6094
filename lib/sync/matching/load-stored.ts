import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import type { Window } from '#lib/sync/windows';
import { addDays } from '#lib/time/day';
import { addMs, DAY_MS } from '#lib/time/span';
import { credibleIds } from './identifiers.ts';
import { MAX_SHIFT_DAYS, type StoredFacts } from './open-rows.ts';

export type StoredCounts = {
  /** How many visible rows of the window have which content. */
  byHash: Map<string, number>;
  visibleCount: number;
  /** Rows that were removed from the window earlier. */
  removedCount: number;
  /** Visible rows of the days before it from which a bank may move a booking into it. */
  beforeCount: number;
};

/** As one text: thousands of small rows would cost more than all the rest. */
export async function loadStoredCounts(ctx: Context, accountId: string, { from, to }: Window): Promise<StoredCounts> {
  const [row] = await ctx.db.$queryRaw<[{ hashes: string | null; removedCount: number; beforeCount: number }]>`
    select string_agg(content_hash, ' ') filter (where vanished_at is null and booked_on >= ${from}::date) as hashes,
      (count(*) filter (where vanished_at is not null and booked_on >= ${from}::date))::int as "removedCount",
      (count(*) filter (where vanished_at is null and booked_on < ${from}::date))::int as "beforeCount"
    from transactions where account_id = ${accountId}::uuid
      and booked_on between ${addDays(from, -MAX_SHIFT_DAYS)}::date and ${to}::date`;
  const hashes = row.hashes === null ? [] : row.hashes.split(' ');
  const byHash = new Map<string, number>();
  for (const hash of hashes) byHash.set(hash, (byHash.get(hash) ?? 0) + 1);
  const { removedCount, beforeCount } = row;
  return { byHash, visibleCount: hashes.length, removedCount, beforeCount };
}

/** A removed row may have been moved to another day only when it went as lately as this. */
const MOVED_WITHIN_MS = 7 * DAY_MS;

type StoredLine = [
  id: string,
  day: string,
  amount: string,
  currency: string,
  description: string,
  normalisedId: string | null,
  providerId: string | null,
  hasEdit: boolean,
  isRemoved: boolean,
  canMoveDay: boolean,
];

/** A {@link StoredLine} for each row, as one JSON text. */
const storedLines = Prisma.sql`
  coalesce(json_agg(json_build_array(id, booked_on, trim_scale(amount)::text, currency, description, normalised_id,
    provider_transaction_id, has_edit, vanished_at is not null, can_move_day) order by booked_on, position, id), '[]')::text`;

function toStored(text: string): StoredFacts[] {
  const lines: StoredLine[] = JSON.parse(text);
  return lines.map(
    ([id, day, amount, currency, description, normalisedId, providerId, hasEdit, isRemoved, canMoveDay]) => {
      const ids = credibleIds({ normalisedProviderTransactionId: normalisedId, providerTransactionId: providerId });
      return { id, day, amount, currency, description, ids, hasEdit, isRemoved, canMoveDay };
    },
  );
}

/**
 * Of a window, the visible rows that the answer has no equal of, so many of each content, and all removed rows. `settled` are
 * the days of which the answer has every row.
 */
export async function loadOpenRows(
  ctx: Context,
  accountId: string,
  { window, missing, settled }: { window: Window; missing: ReadonlyMap<string, number>; settled: Window | null },
): Promise<StoredFacts[]> {
  const lately = addMs(ctx.clock.now(), -MOVED_WITHIN_MS);
  // Of equal rows those go that were stored last and that the user has written nothing on.
  const [row] = await ctx.db.$queryRaw<[{ lines: string }]>`
    select ${storedLines} as lines
    from (
      select t.*, e.transaction_id is not null as has_edit,
        case when t.vanished_at is null
          then coalesce(t.booked_on between ${settled?.from ?? null}::date and ${settled?.to ?? null}::date, false)
          else t.vanished_at > ${lately} end as can_move_day,
        row_number() over (
          partition by t.content_hash, t.vanished_at is null
          order by e.transaction_id is not null, t.first_seen_at desc, t.id desc) as place
      from transactions t left join transaction_edits e on e.transaction_id = t.id
      where t.account_id = ${accountId}::uuid and t.booked_on between ${window.from}::date and ${window.to}::date
    ) s left join unnest(${[...missing.keys()]}::text[], ${[...missing.values()]}::int[]) as m (hash, count)
      on m.hash = s.content_hash
    where s.vanished_at is not null or s.place <= m.count`;
  return toStored(row.lines);
}

/** What a replay did to an account's rows: those with something written on them that it removed, and those that it added. */
export async function loadReplayedRows(
  ctx: Context,
  accountId: string,
): Promise<{ gone: StoredFacts[]; added: StoredFacts[] }> {
  const [row] = await ctx.db.$queryRaw<[{ gone: string; added: string }]>`
    with s as (
      select t.*, e.transaction_id is not null as has_edit, true as can_move_day, b.key is not null as was_there
      from transactions t left join transaction_edits e on e.transaction_id = t.id
        left join replay_before b on b.resource = 'transactions' and b.key = t.id::text
      where t.account_id = ${accountId}::uuid
    )
    select (select ${storedLines} from s where was_there and vanished_at is not null and has_edit) as gone,
      (select ${storedLines} from s where not was_there and vanished_at is null and not has_edit) as added`;
  return { gone: toStored(row.gone), added: toStored(row.added) };
}

/** Which of the ids stand on several of the account's rows, whatever their days: they tell none of them. */
export async function loadSharedIds(ctx: Context, accountId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    select id from (
      select 'n:' || normalised_id as id from transactions where account_id = ${accountId}::uuid
      union all select 'p:' || provider_transaction_id from transactions where account_id = ${accountId}::uuid
    ) as known where id = any(${ids}::text[]) group by id having count(*) > 1`;
  return new Set(rows.map(({ id }) => id));
}

/** Whether one of the amounts stands on a visible row of those days. */
export async function hasAmountIn(
  ctx: Context,
  accountId: string,
  { window, rows }: { window: Window; rows: readonly { amount: string; currency: string }[] },
): Promise<boolean> {
  const [row] = await ctx.db.$queryRaw<[{ has: boolean }]>`
    select exists (
      select from transactions t
      join unnest(${rows.map(({ amount }) => amount)}::numeric[], ${rows.map(({ currency }) => currency)}::text[])
        as r (amount, currency) on r.amount = t.amount and r.currency = t.currency
      where t.account_id = ${accountId}::uuid and t.booked_on between ${window.from}::date and ${window.to}::date
        and t.vanished_at is null) as has`;
  return row.has;
}
