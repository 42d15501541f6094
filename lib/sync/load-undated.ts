import 'server-only';
import type { Context } from '#lib/context/context';
import type { Day } from '#lib/time/day';
import { canonicalDecimal } from '#lib/truelayer/decimal';
import { type UndatedRow, undatedKey } from './date-rows.ts';

/** The days of an account's booked rows that the bank gave no readable date for, by what those rows say. */
export async function loadUndated(ctx: Context, accountId: string): Promise<Map<string, Day[]>> {
  const rows = await ctx.db.$queryRaw<(UndatedRow & { day: Day })[]>`
    select booked_on::text as day, amount::text, currency, description, timestamp_text as "dateAsSent" from transactions
    where account_id = ${accountId}::uuid and date_doubt in ('missing', 'unreadable') and vanished_at is null
    order by booked_on, position desc, id`;
  const days = new Map<string, Day[]>();
  for (const row of rows) {
    const key = undatedKey({ ...row, amount: canonicalDecimal(row.amount) ?? row.amount });
    days.set(key, [...(days.get(key) ?? []), row.day]);
  }
  return days;
}
