import { instantAt, localDay, type TimeZone } from '#lib/time/calendar';
import { type Day, dayOf, daysBetween } from '#lib/time/day';
import type { Batch } from '#lib/truelayer/rows';
import type { ReceivedTimestamp, Timestamp } from '#lib/truelayer/timestamp';
import type { ReceivedTransaction, Transaction } from '#lib/truelayer/transactions';

/** What a row without a readable date can be told by. */
export type UndatedRow = Pick<ReceivedTransaction, 'amount' | 'currency' | 'description' | 'dateAsSent'>;

export type Dating = {
  zone: TimeZone;
  /** The last day of the window: for a row without a date, in an answer where no row has one. */
  lastDay: Day;
  /** The days of the answer, both included; `undated` rows outside it may be other transactions. */
  isInWindow: (day: Day) => boolean;
  /** Days of stored rows without a date, by {@link undatedKey}: such a row keeps the day it was first given. */
  undated: ReadonlyMap<string, readonly Day[]>;
};

/**
 * Gives each received row its day in the account's calendar: a bare day as written, a time of day as the clock at the bank
 * shows it. A row without a date has the day it was stored under; a new one that of the row next to it.
 */
export function* dateRows(
  batches: Iterable<Batch<ReceivedTransaction>>,
  dating: Dating,
): Generator<Batch<Transaction>, undefined> {
  const free = new Map([...dating.undated].map(([key, days]) => [key, [...days]]));
  let neighbour: Day | null = null;
  for (const { items, setAside } of batches) {
    const dated: Transaction[] = [];
    for (const [index, row] of items.entries()) {
      const known = dateRow(row, dating.zone);
      if (known !== null) neighbour = known.timestamp.day;
      dated.push(known ?? withChosenDay(row, neighbour ?? nextDay(items, index, dating.zone), { ...dating, free }));
    }
    yield { items: dated, setAside };
  }
}

/** Null where the row has no date to go by. */
export function dateRow(row: ReceivedTransaction, zone: TimeZone): Transaction | null {
  if (!isDated(row)) return null;
  const { timestamp } = row;
  return timestamp.hasTime ? { ...row, timestamp: inZone(zone, timestamp) } : row;
}

function isDated(row: ReceivedTransaction): row is ReceivedTransaction & { timestamp: ReceivedTimestamp } {
  return row.timestamp !== null;
}

/** The day of a timestamp in a bank's calendar. */
export function dayAt(zone: TimeZone, timestamp: ReceivedTimestamp): Day {
  return timestamp.hasTime ? inZone(zone, timestamp).day : timestamp.day;
}

/** Midnight at the bank, written as the hour that it is in UTC, is a bare day too. */
function inZone(zone: TimeZone, timestamp: ReceivedTimestamp): Timestamp {
  const { raw, day, instant, isZoned } = timestamp;
  if (instant === null) return timestamp;
  if (!isZoned) return { raw, day, instant: instantAt(zone, instant), hasTime: true };
  const local = localDay(zone, instant, raw.endsWith('Z') ? day : dayOf(instant));
  return { raw, day: local.day, instant, hasTime: !local.isMidnight };
}

/** `free` are the stored days that no row of this answer has taken yet. */
type Choice = Dating & { free: Map<string, Day[]> };

function withChosenDay(row: ReceivedTransaction, neighbour: Day | null, dating: Choice): Transaction {
  const day = takeKnownDay(row, neighbour, dating) ?? neighbour ?? dating.lastDay;
  return onDay(row, day);
}

export function onDay(row: ReceivedTransaction, day: Day): Transaction {
  return { ...row, timestamp: { raw: row.dateAsSent, day, instant: null, hasTime: false } };
}

/**
 * Beside a dated row, a stored one outside the window is another transaction (the same fee a month before). In an answer
 * without any date nothing tells them apart, so any stored one will do.
 */
function takeKnownDay(row: ReceivedTransaction, neighbour: Day | null, { free, isInWindow }: Choice): Day | null {
  const days = free.get(undatedKey(row)) ?? [];
  const [first, ...others] = neighbour === null ? days : days.filter(isInWindow);
  if (first === undefined) return null;
  const near = neighbour ?? first;
  const distance = (day: Day) => Math.abs(daysBetween(day, near));
  const nearest = others.reduce((best, day) => (distance(day) < distance(best) ? day : best), first);
  days.splice(days.indexOf(nearest), 1);
  return nearest;
}

export function undatedKey({ amount, currency, description, dateAsSent }: UndatedRow): string {
  return `${amount}\n${currency}\n${dateAsSent}\n${description.trim()}`;
}

function nextDay(items: readonly ReceivedTransaction[], index: number, zone: TimeZone): Day | null {
  const next = items.find((row, at) => at > index && row.timestamp !== null);
  return next === undefined ? null : (dateRow(next, zone)?.timestamp.day ?? null);
}
