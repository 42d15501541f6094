import 'server-only';
import type { Context } from '#lib/context/context';
import { dayIn, type TimeZone } from '#lib/time/calendar';
import { zoneOfCountry } from '#lib/time/country-zone';
import { type Day, dayOf, earlierDay } from '#lib/time/day';

/** Locks an account for a write that replaces rows, and gives the zone of its bank: the account's days are days there. */
export async function lockAccount(ctx: Context, accountId: string): Promise<TimeZone> {
  const [row] = await ctx.db.$queryRaw<{ country: string }[]>`
    select b.country from accounts a join connections c on c.id = a.connection_id join banks b on b.id = c.bank_id
    where a.id = ${accountId}::uuid for update of a`;
  return zoneOfCountry(row?.country ?? '');
}

/** The last day to ask a bank for: today, unless UTC's day is still the one before (TrueLayer refuses a `to` after that). */
export function lastDayToAsk(zone: TimeZone, now: Date): Day {
  return earlierDay(dayOf(now), dayIn(zone, now));
}
