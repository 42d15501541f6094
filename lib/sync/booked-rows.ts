import type { Batch, SetAside } from '#lib/truelayer/rows';
import type { Transaction } from '#lib/truelayer/transactions';
import { cleanTransaction } from './matching/clean-transaction.ts';
import { hashOfContent } from './matching/content-hash.ts';

/** `ordinal` is its place among the answer's rows, the same each time that they are walked. */
export type BookedRow = { ordinal: number; contentHash: string; position: number; row: Transaction };

export type BookedChunk = { rows: BookedRow[]; setAside: SetAside[] };

/**
 * Walks the rows of one answer, cleaned, each with its place within its day. A chunk never ends inside a day
 * (of an answer that is in order), so that a place can be counted from the day's first row: later rows then come after it.
 */
export function* readBooked(batches: Iterable<Batch<Transaction>>): Generator<BookedChunk, undefined> {
  const places: Places = { countByDay: new Map(), ordinal: 0 };
  let held: Transaction[] = [];
  let isNewestFirst: boolean | null = null;
  for (const { items, setAside } of batches) {
    isNewestFirst ??= directionOf(items);
    const rows = held.length === 0 ? items : held.concat(items);
    const end = startOfLastDay(rows);
    held = rows.slice(end);
    yield { rows: placeInDays(rows.slice(0, end), isNewestFirst ?? true, places), setAside };
  }
  yield { rows: placeInDays(held, isNewestFirst ?? true, places), setAside: [] };
}

type Places = { countByDay: Map<string, number>; ordinal: number };

/** Null while all rows seen are of one day. */
function directionOf(rows: readonly Transaction[]): boolean | null {
  const first = rows[0]?.timestamp.day;
  const last = rows.at(-1)?.timestamp.day;
  return first === undefined || last === undefined || first === last ? null : first > last;
}

function startOfLastDay(rows: readonly Transaction[]): number {
  const day = rows.at(-1)?.timestamp.day;
  let at = rows.length;
  while (at > 0 && rows[at - 1]?.timestamp.day === day) at--;
  return at;
}

function placeInDays(rows: readonly Transaction[], isNewestFirst: boolean, places: Places): BookedRow[] {
  const placed: BookedRow[] = [];
  for (let start = 0; start < rows.length; ) {
    const day = rows[start]?.timestamp.day ?? '';
    let end = start;
    while (rows[end]?.timestamp.day === day) end++;
    let count = places.countByDay.get(day) ?? 0;
    for (const each of oldestFirst(rows.slice(start, end), isNewestFirst)) {
      const { row, content } = cleanTransaction(each);
      placed.push({ ordinal: places.ordinal++, contentHash: hashOfContent(content), position: -++count, row });
    }
    places.countByDay.set(day, count);
    start = end;
  }
  return placed;
}

/** By the clock where the bank tells it for every row of the day; otherwise in the bank's order. */
function oldestFirst(rows: Transaction[], isNewestFirst: boolean): Transaction[] {
  if (isNewestFirst) rows.reverse();
  const isTimed = rows.length > 1 && rows.every(({ timestamp }) => timestamp.hasTime && timestamp.instant !== null);
  if (!isTimed) return rows;
  return rows.sort((one, other) => (one.timestamp.instant?.getTime() ?? 0) - (other.timestamp.instant?.getTime() ?? 0));
}
