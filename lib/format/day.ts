import { dayIn, LONDON } from '#lib/time/calendar';
import { daysBetween } from '#lib/time/day';

export { dayIn, LONDON, type TimeZone } from '#lib/time/calendar';

/** The day of what happens here and not at a bank (a consent, an email). An account's days are in its bank's calendar. */
export function toLondonDay(instant: Date): string {
  return dayIn(LONDON, instant);
}

/** `Today`, `Yesterday`, `Tomorrow`, `Tue 3 March` within this year, otherwise `3 March 2026`. */
export function toDayWords(day: string, today: string): string {
  const near = NEAR_DAYS[daysBetween(today, day) + 1];
  if (near !== undefined) return near;
  if (day.slice(0, 4) !== today.slice(0, 4)) return toFullDay(day);
  const noon = noonOf(day);
  return `${WEEKDAY.format(noon)} ${DAY_AND_MONTH.format(noon)}`;
}

/** `3 March 2026`: for the days that a promise ends on. */
export function toFullDay(day: string): string {
  const noon = noonOf(day);
  return `${DAY_AND_MONTH.format(noon)} ${day.slice(0, 4)}`;
}

/** `March 2026`. */
export function toMonth(day: string): string {
  return `${MONTH.format(noonOf(day))} ${day.slice(0, 4)}`;
}

const NEAR_DAYS: readonly string[] = ['Yesterday', 'Today', 'Tomorrow'];
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' });
const DAY_AND_MONTH = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });
function noonOf(day: string): Date {
  const noon = new Date(`${day}T12:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(noon.getTime())) throw new RangeError(`not a day: ${day}`);
  return noon;
}
