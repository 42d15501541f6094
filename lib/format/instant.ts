import { dayIn, LONDON, localTime, type TimeZone } from '#lib/time/calendar';
import { daysBetween } from '#lib/time/day';
import { toCount } from './count.ts';
import { toDayWords, toFullDay, toLondonDay } from './day.ts';

/** `14:05`. */
export function toTime(instant: Date, zone: TimeZone = LONDON): string {
  return localTime(zone, instant).slice(11, 16);
}

/** `Today at 14:05`, `Tue 3 March at 14:05`, `3 March 2025 at 14:05`. */
export function toInstantWords(instant: Date, now: Date, zone: TimeZone = LONDON): string {
  return `${toDayWords(dayIn(zone, instant), dayIn(zone, now))} at ${toTime(instant, zone)}`;
}

/** `3 March 2026 at 14:05:09 GMT`: for people who compare it with a log. */
export function toFullInstant(instant: Date, zone: TimeZone = LONDON): string {
  return `${toFullDay(dayIn(zone, instant))} at ${preciseTime(zone).format(instant)}`;
}

/** `just now`, `12 minutes ago`, `in 3 hours`, `yesterday`, `4 days ago`. */
export function toAgo(instant: Date, now: Date): string {
  const ms = now.getTime() - instant.getTime();
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes === 0) return 'just now';
  if (minutes < 60) return relative(toCount(minutes, 'minute'), ms);
  const days = Math.abs(daysBetween(toLondonDay(instant), toLondonDay(now)));
  const hours = Math.floor(minutes / 60);
  if (hours < 12 || days === 0) return relative(toCount(hours, 'hour'), ms);
  if (days === 1) return ms > 0 ? 'yesterday' : 'tomorrow';
  return relative(toCount(days, 'day'), ms);
}

const preciseTimes = new Map<TimeZone, Intl.DateTimeFormat>();

function preciseTime(timeZone: TimeZone): Intl.DateTimeFormat {
  const known = preciseTimes.get(timeZone);
  if (known !== undefined) return known;
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' } as const;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, ...time });
  preciseTimes.set(timeZone, made);
  return made;
}

function relative(span: string, ms: number): string {
  return ms > 0 ? `${span} ago` : `in ${span}`;
}
