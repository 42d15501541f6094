import { addDays, type Day, dayOf, daysBetween } from '#lib/time/day';

export type Cadence = 'weekly' | 'fortnightly' | 'four_weekly' | 'monthly' | 'quarterly' | 'yearly';

/** One posting of a merchant's, oldest first. Amounts are in the smallest units, so that equal is equal. */
export type Posting = { day: Day; minor: bigint };

export type Series = {
  cadence: Cadence;
  /** The last amount where it is steady, otherwise the middle one of the last few. */
  minor: bigint;
  isAmountSteady: boolean;
  occurrences: number;
  firstOn: Day;
  lastOn: Day;
  nextOn: Day;
  /** Set where only the postings of this one amount come round, among others that don't. */
  ofAmount: bigint | null;
};

type Rhythm = { cadence: Cadence; low: number; high: number; least: number; graceDays: number };

const RHYTHMS: readonly Rhythm[] = [
  { cadence: 'weekly', low: 6, high: 8, least: 5, graceDays: 4 },
  { cadence: 'fortnightly', low: 12, high: 16, least: 4, graceDays: 6 },
  { cadence: 'four_weekly', low: 27, high: 29, least: 5, graceDays: 8 },
  { cadence: 'monthly', low: 25, high: 36, least: 3, graceDays: 10 },
  { cadence: 'quarterly', low: 84, high: 98, least: 3, graceDays: 20 },
  { cadence: 'yearly', low: 355, high: 376, least: 3, graceDays: 40 },
];

/** What is looked back at: habits of long ago say nothing about what comes. */
const RECENT = 14;
/** A bill may pause now and then (council tax does in February and March); a habit of shopping doesn't look like that. */
const LARGEST_SHARE_OF_PAUSES = 0.25;
const LARGEST_SPREAD = 0.6;

/** Whether a merchant's postings come round, and when the next is due. Null when they don't, or no longer do. */
export function findSeries(postings: readonly Posting[], today: Day): Series | null {
  return seriesOf(postings, today, null) ?? seriesOfOneAmount(postings, today);
}

function seriesOfOneAmount(postings: readonly Posting[], today: Day): Series | null {
  const byAmount = Map.groupBy(postings, ({ minor }) => minor);
  if (byAmount.size < 2) return null;
  const groups = [...byAmount].sort(([, one], [, other]) => other.length - one.length).slice(0, 3);
  for (const [minor, group] of groups) {
    const series = seriesOf(group, today, minor);
    if (series !== null) return series;
  }
  return null;
}

function seriesOf(all: readonly Posting[], today: Day, ofAmount: bigint | null): Series | null {
  const postings = all.slice(-RECENT);
  const first = postings[0];
  const last = postings.at(-1);
  if (first === undefined || last === undefined || postings.length < 3 || !isOneKind(postings)) return null;
  const gaps = postings.slice(1).map(({ day }, index) => daysBetween(postings[index]?.day ?? day, day));
  const rhythm = RHYTHMS.find((each) => postings.length >= each.least && isRhythm(gaps, each));
  if (rhythm === undefined) return null;
  const nextOn = dueAfter(last.day, rhythm.cadence, postings);
  if (daysBetween(nextOn, today) > rhythm.graceDays) return null;
  const isAmountSteady = postings.slice(-3).every(({ minor }) => minor === last.minor);
  return {
    cadence: rhythm.cadence,
    minor: isAmountSteady ? last.minor : middleOf(postings.slice(-6).map(({ minor }) => minor)),
    isAmountSteady,
    occurrences: all.length,
    firstOn: all[0]?.day ?? first.day,
    lastOn: last.day,
    nextOn,
    ofAmount,
  };
}

function isRhythm(gaps: readonly number[], { low, high }: Rhythm): boolean {
  const isOne = (gap: number) => gap >= low && gap <= high;
  const isPause = (gap: number) => [2, 3].some((times) => gap >= low * times && gap <= high * times);
  const pauses = gaps.filter((gap) => !isOne(gap) && isPause(gap)).length;
  return gaps.every((gap) => isOne(gap) || isPause(gap)) && pauses <= gaps.length * LARGEST_SHARE_OF_PAUSES;
}

/** A bill wanders; a shop's tills are all over the place. */
function isOneKind(postings: readonly Posting[]): boolean {
  const middle = Number(middleOf(postings.map(({ minor }) => minor)));
  const near = postings.filter(({ minor }) => Math.abs(Number(minor) - middle) <= Math.abs(middle) * LARGEST_SPREAD);
  return near.length >= postings.length * 0.8;
}

const DAYS: Partial<Record<Cadence, number>> = { weekly: 7, fortnightly: 14, four_weekly: 28 };
const MONTHS: Partial<Record<Cadence, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

function dueAfter(last: Day, cadence: Cadence, postings: readonly Posting[]): Day {
  const days = DAYS[cadence];
  if (days !== undefined) return addDays(last, days);
  return dueMonthsAfter(last, MONTHS[cadence] ?? 1, usualDayOfMonth(postings));
}

/** Weekends push a booking back or forth, so the day that is meant is the one seen most often, the later of equals. */
function usualDayOfMonth(postings: readonly Posting[]): number {
  const counts = new Map<number, number>();
  for (const { day } of postings) {
    const date = Number(day.slice(8));
    counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  return [...counts].sort(([one, times], [other, otherTimes]) => otherTimes - times || other - one)[0]?.[0] ?? 1;
}

/** Weekends push a booking over the end of a month too: months are counted from the day that was meant, not from the one seen. */
function dueMonthsAfter(last: Day, months: number, dayOfMonth: number): Day {
  const meant = [-1, 0, 1].map((each) => addMonths(last, each, dayOfMonth));
  const distance = (day: Day) => Math.abs(daysBetween(day, last));
  const [nearest = last] = meant.sort((one, other) => distance(one) - distance(other));
  return addMonths(nearest, months, dayOfMonth);
}

/** That day of the month some months on, or the last one that the month has. */
export function addMonths(day: Day, months: number, dayOfMonth: number): Day {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7)) - 1;
  const lastDay = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate();
  return dayOf(new Date(Date.UTC(year, month + months, Math.min(dayOfMonth, lastDay))));
}

function middleOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
