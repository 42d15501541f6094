import { type Day, daysBetween } from '#lib/time/day';
import type { ComparableText } from './description-similarity.ts';

/** What a transaction says of itself. `amount` is a canonical decimal. */
export type TransactionFacts = {
  day: Day;
  amount: string;
  currency: string;
  description: string;
  /** Ids from outside that may be evidence, see `credibleIds`. */
  ids: readonly string[];
};

export type StoredFacts = TransactionFacts & {
  id: string;
  /** The user has written something on it. */
  hasEdit: boolean;
  /** It was removed earlier; it may have come back. */
  isRemoved: boolean;
  /** Whether it can be looked for on other days: false where its own day may be in the answer in part only. */
  canMoveDay: boolean;
};

/** `key` is the caller's name for the row. */
export type ReceivedFacts<K> = TransactionFacts & { key: K };

export type Stored = StoredFacts & { text: ComparableText };
export type Received<K> = ReceivedFacts<K> & { text: ComparableText };
export type Pair<K> = { stored: Stored; received: Received<K> };
/** Rows that have no counterpart yet. */
export type OpenRows<K> = { stored: readonly Stored[]; received: readonly Received<K>[] };

/** As far as a bank moves a booking's day when it corrects it. */
export const MAX_SHIFT_DAYS = 5;

export function isNear(one: Day, other: Day): boolean {
  return Math.abs(daysBetween(one, other)) <= MAX_SHIFT_DAYS;
}

export const amountKey = ({ amount, currency }: TransactionFacts) => `${amount} ${currency}`;

export function without<K>({ stored, received }: OpenRows<K>, pairs: readonly Pair<K>[]): OpenRows<K> {
  const taken = new Set<object>(pairs.flatMap((pair) => [pair.stored, pair.received]));
  return { stored: stored.filter((row) => !taken.has(row)), received: received.filter((row) => !taken.has(row)) };
}

/** The first with the first, and so on, as far as both sides reach. */
export function pairInOrder<K>({ stored, received }: OpenRows<K>): Pair<K>[] {
  return stored.slice(0, received.length).flatMap((row, index) => {
    const counterpart = received[index];
    return counterpart === undefined ? [] : [{ stored: row, received: counterpart }];
  });
}

/** Of interchangeable rows the one that the user has written on stays. */
export function editedFirst(rows: readonly Stored[]): Stored[] {
  return rows.toSorted((one, other) => Number(other.hasEdit) - Number(one.hasEdit));
}
