import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Window } from '#lib/sync/windows';
import { addDays } from '#lib/time/day';
import { MatchingLimitError } from './assign-by-similarity.ts';
import { matchTransactions } from './match-transactions.ts';
import type { StoredFacts } from './open-rows.ts';
import { type ReceivedRow, toReceived, type WindowReading } from './read-window.ts';

/** Why an answer is not believed: nothing came where rows are stored; most of them are not in it; too much to compare. */
export type Doubt = 'empty' | 'most_rows_missing' | 'too_many_to_compare';

export type ChangePlan = {
  /** Null when the answer is believed. Otherwise nothing of it may be written. */
  doubt: Doubt | null;
  /** By ordinal, the stored row that a row of the answer is, or null for a new one. Equal rows are not listed. */
  written: Map<number, string | null>;
  /** How many of the stored rows in `written` had been removed. */
  revivedCount: number;
  /** Stored rows that the answer shows to be gone. */
  removed: StoredFacts[];
  /** Received rows that are new. */
  added: ReceivedRow[];
};

export type Completeness = {
  surely: Window | null;
  mayBeClamped?: boolean;
  /** Doubts that no longer stand against the answer: see `acceptedDoubts`. */
  accepts?: readonly Doubt[];
};

/** So many rows have to be missing, and more than half of the window's, before an answer is doubted that has rows. */
const MIN_DOUBTFUL_ROWS = 20;

/**
 * Rows with the content of a stored one are that row.
 * @param byHash how many visible rows of the window have which content.
 * @returns what is left on either side and has to be compared.
 */
export async function setEqualRowsAside(reading: WindowReading, byHash: ReadonlyMap<string, number>) {
  const missing = new Map(byHash);
  const received: ReceivedRow[] = [];
  const take = (contentHash: string) => {
    const count = missing.get(contentHash) ?? 0;
    if (count > 1) missing.set(contentHash, count - 1);
    else missing.delete(contentHash);
    return count > 0;
  };
  for (const rows of reading.rows()) {
    for (const row of rows) if (!take(row.contentHash)) received.push(toReceived(row));
    await nextTurn();
  }
  received.push(...reading.lateRows.filter(({ contentHash }) => !take(contentHash)));
  return { received, missing };
}

/** Days of which the answer has every row: what was left out, if anything, lies beyond its oldest and its newest. */
export function settledDays({ surely, mayBeClamped }: Completeness, { oldest, newest }: WindowReading): Window | null {
  if (oldest === null || newest === null) return surely;
  if (surely === null) return { from: addDays(oldest, 1), to: addDays(newest, -1) };
  const from = mayBeClamped === true && oldest >= surely.from ? addDays(oldest, 1) : surely.from;
  return { from, to: surely.to };
}

export type Comparable = {
  reading: WindowReading;
  completeness: Completeness;
  /** How many visible rows the window holds. */
  visibleCount: number;
  received: readonly ReceivedRow[];
  /** Visible rows without an equal in the answer, and removed ones. */
  stored: readonly StoredFacts[];
  /** Ids that stand on several of the account's rows. */
  sharedIds: ReadonlySet<string>;
};

/** Decides what becomes of each row that has no equal on the other side, before anything is written. */
export function decideChanges({
  reading,
  completeness,
  visibleCount,
  received,
  stored,
  sharedIds,
}: Comparable): ChangePlan {
  const isDoubtful = (doubt: Doubt) => completeness.accepts?.includes(doubt) !== true;
  if (reading.rowCount === 0 && visibleCount > 0 && isDoubtful('empty')) return doubted('empty');
  const matches = matchOrNull(stored, received, sharedIds);
  if (matches === null) return doubted('too_many_to_compare');
  const matched = new Set(matches.values());
  const settled = settledDays(completeness, reading);
  // A row that couldn't be read may be any of the missing ones.
  const isCertain = completeness.surely !== null && reading.setAside.length === 0;
  const gone = stored.filter(({ id, day, isRemoved }) => !isRemoved && !matched.has(id) && isIn(settled, day));
  const removed = isCertain ? gone : [];
  const isMostMissing = removed.length >= MIN_DOUBTFUL_ROWS && removed.length * 2 > visibleCount;
  if (isMostMissing && isDoubtful('most_rows_missing')) return doubted('most_rows_missing');
  return {
    doubt: null,
    written: new Map(received.map(({ key }) => [key, matches.get(key) ?? null])),
    revivedCount: stored.filter(({ id, isRemoved }) => isRemoved && matched.has(id)).length,
    removed,
    added: received.filter(({ key }) => !matches.has(key)),
  };
}

function doubted(doubt: Doubt): ChangePlan {
  return { doubt, written: new Map(), revivedCount: 0, removed: [], added: [] };
}

const isIn = (window: Window | null, day: string) => window !== null && day >= window.from && day <= window.to;

function matchOrNull(stored: readonly StoredFacts[], received: readonly ReceivedRow[], sharedIds: ReadonlySet<string>) {
  try {
    return matchTransactions(stored, received, sharedIds);
  } catch (error) {
    if (error instanceof MatchingLimitError) return null;
    throw error;
  }
}

/** Ids that occur on either side: only these can be evidence, or shared. */
export function idsOnBothSides(stored: readonly StoredFacts[], received: readonly ReceivedRow[]): string[] {
  const known = new Set(stored.flatMap(({ ids }) => ids));
  return [...new Set(received.flatMap(({ ids }) => ids))].filter((id) => known.has(id));
}
