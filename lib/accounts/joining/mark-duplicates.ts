import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';

/**
 * Two joined accounts tell the same story when at least so much of what the older one has, on days on which both have
 * something, is in the newer one by amount. Only then does an equal amount on the same day stand for a reworded transaction;
 * in accounts that merely follow one another it may be another purchase.
 */
const MIRRORED_SHARE = 0.6;

/**
 * Of joined accounts, marks the rows that another one has too, so that each transaction is shown once: the newest account's
 * row, or the one that the user wrote on. A row that the user wrote on is never hidden. No row is changed otherwise, so that
 * removing the marks restores every account. One statement, in the caller's transaction; within `window` if one is named.
 */
export async function markDuplicates(
  ctx: Context,
  rootId: string,
  window?: { from: string; to: string },
): Promise<void> {
  const within =
    window === undefined
      ? Prisma.empty
      : Prisma.sql`and t.booked_on between ${window.from}::date and ${window.to}::date`;
  await ctx.db.$executeRaw`
    with members as (
      select id, row_number() over (order by id <> ${rootId}::uuid, joined_at desc, id) as rank
      from accounts where id = ${rootId}::uuid or joined_into_id = ${rootId}::uuid
    ), rows as materialized (
      select t.id, m.rank, t.booked_on, t.effect, t.currency, t.position, t.duplicate_of_id,
        coalesce(nullif(regexp_replace(lower(t.description), '[^[:alpha:]]+', '', 'g'), ''), t.description) as words,
        exists (select from transaction_edits e where e.transaction_id = t.id) as is_edited
      from members m join transactions t on t.account_id = m.id where t.vanished_at is null ${within}
    ), shared as (
      select booked_on from rows group by booked_on having count(distinct rank) > 1
    ), counted as (
      select booked_on, effect, currency, rank, count(*) as rows from rows join shared using (booked_on)
      group by booked_on, effect, currency, rank
    ), mirrored as (
      select older.rank from counted older
      left join counted newest on newest.rank = 1 and (newest.booked_on, newest.effect, newest.currency)
        = (older.booked_on, older.effect, older.currency)
      where older.rank > 1 group by older.rank
      having sum(least(older.rows, coalesce(newest.rows, 0))) >= ${MIRRORED_SHARE} * sum(older.rows)
    ), worded as (
      select *, row_number() over (partition by rank, booked_on, effect, currency, words order by position, id) as nth
      from rows join shared using (booked_on)
    ), by_words as (
      select *, first_value(id) over same as shown_id, count(*) over (partition by booked_on, effect, currency, words, nth) as copies
      from worded window same as (partition by booked_on, effect, currency, words, nth order by is_edited desc, rank)
    ), reworded as (
      select id, is_edited, first_value(id) over same as shown_id from (
        select *, row_number() over (partition by rank, booked_on, effect, currency order by position, id) as left_nth
        from by_words where copies = 1 and (rank = 1 or rank in (select rank from mirrored))
      ) as left_over window same as (partition by booked_on, effect, currency, left_nth order by is_edited desc, rank)
    ), decided as (
      select r.id, r.duplicate_of_id, case when r.is_edited then null
        when w.shown_id <> r.id then w.shown_id
        when l.shown_id <> r.id then l.shown_id end as shown_id
      from rows r left join by_words w on w.id = r.id left join reworded l on l.id = r.id
    )
    update transactions t set duplicate_of_id = d.shown_id from decided d
    where t.id = d.id and d.duplicate_of_id is distinct from d.shown_id`;
}
