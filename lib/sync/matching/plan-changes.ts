import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '#lib/context/context';
import type { Window } from '#lib/sync/windows';
import { addDays } from '#lib/time/day';
import { MatchingLimitError } from './assign-by-similarity.ts';
import { loadOpenRows, loadSharedIds, type StoredCounts } from './load-stored.ts';
import { matchTransactions } from './match-transactions.ts';
import type { StoredFacts } from './open-rows.ts';
import { type ReceivedRow, toReceived, type WindowReading } from './read-window.ts';

type Answer = { accountId: string; window: Window; surely: Window | null; mayBeClamped?: boolean };

/** Why an answer is not believed: nothing came where rows are stored; most of them are not in it; too much to compare. */
export type Doubt = 'empty' | 'most_rows_missing' | 'too_many_to_compare';

export type ChangePlan = {
  /** Null when the answer is believed. Otherwise nothing of it may be written. */
  doubt: Doubt | null;
  /** By ordinal, the stored row that a row of the answer is, or null for a new one. Equal rows are not listed. */
  written: Map<number, string | null>;
  /** Of the stored rows in `written`, those that had been removed. */
  revived: ReadonlySet<string | null>;
  /** Stored rows that the answer shows to be gone. */
  removed: string[];
};

const NOTHING = { written: new Map<number, string | null>(), revived: new Set<string>(), removed: [] };

/** So many rows have to be missing, and more than half of the window's, before an answer is doubted that has rows. */
const MIN_DOUBTFUL_ROWS = 20;

/** Decides what becomes of each row of the answer and of the window, before anything is written. */
export async function planChanges(
  ctx: Context,
  answer: Answer,
  { reading, stored }: { reading: WindowReading; stored: StoredCounts },
): Promise<ChangePlan> {
  const { received, missing } = await setEqualRowsAside(reading, stored);
  if (reading.rowCount === 0 && stored.visibleCount > 0) return { ...NOTHING, doubt: 'empty' };
  const mayMatch = missing.size > 0 || (received.length > 0 && stored.removedCount > 0);
  const settled = settledDays(answer, reading);
  const { accountId, window } = answer;
  const candidates = mayMatch ? await loadOpenRows(ctx, accountId, { window, missing, settled }) : [];
  const shared = await loadSharedIds(ctx, accountId, idsOnBothSides(candidates, received));
  const matches = matchOrNull(candidates, received, shared);
  if (matches === null) return { ...NOTHING, doubt: 'too_many_to_compare' };
  const matched = new Set(matches.values());
  // A row that couldn't be read may be any of the missing ones.
  const isCertain = answer.surely !== null && reading.setAside.length === 0;
  const gone = candidates.filter(({ id, day, isRemoved }) => !isRemoved && !matched.has(id) && isIn(settled, day));
  const removed = isCertain ? gone.map(({ id }) => id) : [];
  if (removed.length >= MIN_DOUBTFUL_ROWS && removed.length * 2 > stored.visibleCount) {
    return { ...NOTHING, doubt: 'most_rows_missing' };
  }
  return {
    doubt: null,
    written: new Map(received.map(({ key }) => [key, matches.get(key) ?? null])),
    revived: new Set(candidates.filter(({ isRemoved }) => isRemoved).map(({ id }) => id)),
    removed,
  };
}

/** Rows with the content of a stored one are that row. What is left on either side has to be compared. */
async function setEqualRowsAside(reading: WindowReading, { byHash }: StoredCounts) {
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
function settledDays({ surely, mayBeClamped }: Answer, { oldest, newest }: WindowReading): Window | null {
  if (oldest === null || newest === null) return surely;
  if (surely === null) return { from: addDays(oldest, 1), to: addDays(newest, -1) };
  const from = mayBeClamped === true && oldest >= surely.from ? addDays(oldest, 1) : surely.from;
  return { from, to: surely.to };
}

const isIn = (window: Window | null, day: string) => window !== null && day >= window.from && day <= window.to;

function idsOnBothSides(stored: readonly StoredFacts[], received: readonly ReceivedRow[]): string[] {
  const known = new Set(stored.flatMap(({ ids }) => ids));
  return [...new Set(received.flatMap(({ ids }) => ids))].filter((id) => known.has(id));
}

function matchOrNull(stored: readonly StoredFacts[], received: readonly ReceivedRow[], shared: ReadonlySet<string>) {
  try {
    return matchTransactions(stored, received, shared);
  } catch (error) {
    if (error instanceof MatchingLimitError) return null;
    throw error;
  }
}
