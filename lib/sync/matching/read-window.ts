import { type BookedRow, readBooked } from '#lib/sync/booked-rows';
import type { Window } from '#lib/sync/windows';
import { type Day, earlierDay } from '#lib/time/day';
import type { Batch, SetAside } from '#lib/truelayer/rows';
import type { Transaction } from '#lib/truelayer/transactions';
import { credibleIds } from './identifiers.ts';
import type { ReceivedFacts } from './open-rows.ts';
import { createRepetitions, type OutsideIds } from './repeated-rows.ts';

/** A row of the answer in short, for as long as it has to be compared. `key` is its ordinal. */
export type ReceivedRow = ReceivedFacts<number> & { contentHash: string };

type Answer = {
  batches: Iterable<Batch<Transaction>>;
  window: Window;
  /** The last day asked for. Rows that are dated ahead count as of it: that is where they come again. */
  lastDay: Day;
};

/** Reads the rows of an answer that lie in the window, each transaction once, and counts them. */
export class WindowReading {
  readonly setAside: SetAside[] = [];
  rowCount = 0;
  oldest: Day | null = null;
  newest: Day | null = null;
  /** How many rows are of the newest day. */
  rowsOnNewest = 0;
  readonly #answer: Answer;
  readonly #repetitions = createRepetitions();
  readonly #possibleRepetitions: { received: ReceivedRow; ids: OutsideIds }[] = [];
  #late: ReceivedRow[] = [];

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  /** The rows in the window, save for those that may be repetitions. Walked once. */
  *rows(): Generator<BookedRow[], undefined> {
    for (const { rows, setAside } of readBooked(this.#answer.batches)) {
      this.setAside.push(...setAside);
      yield rows.filter((row) => this.#take(row));
    }
    const shared = this.#possibleRepetitions.filter(({ ids }) => this.#repetitions.isShared(ids));
    this.#late = shared.map(({ received }) => received);
    for (const { day } of this.#late) this.#count(day);
  }

  /** Those that turned out to be none, once all rows have been walked. */
  get lateRows(): readonly ReceivedRow[] {
    return this.#late;
  }

  #take(booked: BookedRow): boolean {
    const { day } = booked.row.timestamp;
    const { from, to } = this.#answer.window;
    if (day < from || day > to) return false;
    const { normalisedProviderTransactionId, providerTransactionId } = booked.row;
    const ids = { normalisedProviderTransactionId, providerTransactionId };
    if (this.#repetitions.isPossible(ids, booked.contentHash)) {
      this.#possibleRepetitions.push({ received: toReceived(booked), ids });
      return false;
    }
    this.#count(day);
    return true;
  }

  #count(dayOfRow: Day): void {
    const day = earlierDay(dayOfRow, this.#answer.lastDay);
    this.rowCount++;
    if (this.oldest === null || day < this.oldest) this.oldest = day;
    if (this.newest !== null && day < this.newest) return;
    this.rowsOnNewest = day === this.newest ? this.rowsOnNewest + 1 : 1;
    this.newest = day;
  }
}

export function toReceived({ ordinal, contentHash, row }: BookedRow): ReceivedRow {
  const { timestamp, amount, currency, description } = row;
  return { key: ordinal, contentHash, day: timestamp.day, amount, currency, description, ids: credibleIds(row) };
}
