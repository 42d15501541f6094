import { daysBetween } from '#lib/time/day';
import { toCount } from './count.ts';
import { toLondonDay } from './day.ts';

export type ExpiryUrgency = 'none' | 'fortnight' | 'week' | 'days' | 'tomorrow' | 'today' | 'ended';

/** Calendar days from now until an instant: 0 is today, negative is past. People count dates, not hours. */
export function daysLeft(until: Date, now: Date): number {
  return daysBetween(toLondonDay(now), toLondonDay(until));
}

/** `in 14 days`, `tomorrow`, `today`, `ended today`, `ended yesterday`, `ended 3 days ago`. */
export function toDaysLeft(until: Date, now: Date): string {
  const days = daysLeft(until, now);
  if (until > now) {
    if (days === 0) return 'today';
    return days === 1 ? 'tomorrow' : `in ${toCount(days, 'day')}`;
  }
  if (days === 0) return 'ended today';
  return days === -1 ? 'ended yesterday' : `ended ${toCount(-days, 'day')} ago`;
}

/** How loudly the end of a consent should be said. The steps are those of the reminders: 14, 7, 3, 1 and 0 days. */
export function expiryUrgency(until: Date, now: Date): ExpiryUrgency {
  if (until <= now) return 'ended';
  const days = daysLeft(until, now);
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days <= 3) return 'days';
  if (days <= 7) return 'week';
  return days <= 14 ? 'fortnight' : 'none';
}
