import { DAY_MS } from './span.ts';

/** A calendar day as text, `YYYY-MM-DD`. Banks think in days; a Date would drag a time zone along. */
export type Day = string;

/** The day of an instant in UTC, which is never after today in London (TrueLayer refuses a `to` in the future). */
export function dayOf(instant: Date): Day {
  return instant.toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return dayOf(new Date(startOf(day).getTime() + days * DAY_MS));
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((startOf(to).getTime() - startOf(from).getTime()) / DAY_MS);
}

/** Midnight UTC of a day: how a `date` column is written. */
export function startOf(day: Day): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

export function earlierDay(one: Day, other: Day): Day {
  return one < other ? one : other;
}
