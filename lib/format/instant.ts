import { toCount } from './count.ts';
import { daysApart, toDayWords, toFullDay, toLondonDay } from './day.ts';

/** `14:05`, in London. */
export function toTime(instant: Date): string {
  return TIME.format(instant);
}

/** `Today at 14:05`, `Tue 3 March at 14:05`, `3 March 2025 at 14:05`. */
export function toInstantWords(instant: Date, now: Date): string {
  return `${toDayWords(toLondonDay(instant), toLondonDay(now))} at ${toTime(instant)}`;
}

/** `3 March 2026 at 14:05:09 GMT`: for people who compare it with a log. */
export function toFullInstant(instant: Date): string {
  return `${toFullDay(toLondonDay(instant))} at ${PRECISE_TIME.format(instant)}`;
}

/** `just now`, `12 minutes ago`, `in 3 hours`, `yesterday`, `4 days ago`. */
export function toAgo(instant: Date, now: Date): string {
  const ms = now.getTime() - instant.getTime();
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes === 0) return 'just now';
  if (minutes < 60) return relative(toCount(minutes, 'minute'), ms);
  const days = Math.abs(daysApart(toLondonDay(instant), toLondonDay(now)));
  const hours = Math.floor(minutes / 60);
  if (hours < 12 || days === 0) return relative(toCount(hours, 'hour'), ms);
  if (days === 1) return ms > 0 ? 'yesterday' : 'tomorrow';
  return relative(toCount(days, 'day'), ms);
}

const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' });
const PRECISE_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

function relative(span: string, ms: number): string {
  return ms > 0 ? `${span} ago` : `in ${span}`;
}
