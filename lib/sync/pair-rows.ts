import { daysBetween } from '#lib/time/day';
import { canonicalDecimal } from '#lib/truelayer/decimal';
import type { BookedRow } from './booked-rows.ts';
import { baseOf } from './identity.ts';

/** What a row says of itself, under the key that it has. */
export type RowFacts = {
  identityKey: string;
  day: string;
  amount: string;
  currency: string;
  description: string;
};

/** A stored row that is the same transaction as a new one, under another key. */
export type Rekeying = { from: string; to: string };

/** As far as a bank moves a booking's day when it corrects it. */
const LONGEST_SHIFT_DAYS = 5;

/**
 * Finds which of the stored rows that seem to be gone are really there under another key: the bank began to send ids, gave a
 * new one, or corrected the text or the day. Only where nothing else could be meant; what is left over has vanished, or is new.
 */
export function pairRows(orphans: readonly RowFacts[], added: readonly RowFacts[]): Rekeying[] {
  const pairs: Rekeying[] = [];
  let left = [...orphans];
  let fresh = [...added];
  const settle = (found: readonly Rekeying[]) => {
    pairs.push(...found);
    const taken = new Set(found.flatMap(({ from, to }) => [from, to]));
    left = left.filter(({ identityKey }) => !taken.has(identityKey));
    fresh = fresh.filter(({ identityKey }) => !taken.has(identityKey));
  };
  settle(pairEquals(left, fresh));
  settle(pairSingles(left, fresh, textless));
  settle(pairSingles(left, fresh, dayless).filter((pair) => isNear(pair, left, fresh)));
  return pairs;
}

type Facts = Omit<RowFacts, 'identityKey'>;

/** The same in all they say: which of several equals is which makes no difference. */
function pairEquals(orphans: readonly RowFacts[], added: readonly RowFacts[]): Rekeying[] {
  const groups = groupBy(orphans, (orphan) => contentOf(orphan));
  return added.flatMap((row) => {
    const orphan = groups.get(contentOf(row))?.shift();
    return orphan === undefined ? [] : [{ from: orphan.identityKey, to: row.identityKey }];
  });
}

/** One on either side that agrees in what `aspect` tells, and no second. */
function pairSingles(
  orphans: readonly RowFacts[],
  added: readonly RowFacts[],
  aspect: (facts: Facts) => string,
): Rekeying[] {
  const olds = groupBy(orphans, aspect);
  const news = groupBy(added, aspect);
  return [...news].flatMap(([key, rows]) => {
    const [row, secondRow] = rows;
    const [orphan, secondOrphan] = olds.get(key) ?? [];
    if (row === undefined || orphan === undefined || secondRow !== undefined || secondOrphan !== undefined) return [];
    return [{ from: orphan.identityKey, to: row.identityKey }];
  });
}

const textless = ({ day, amount, currency }: Facts) => `${day} ${amount} ${currency}`;
const dayless = ({ amount, currency, description }: Facts) => `${amount} ${currency} ${description.trim()}`;

function contentOf(facts: Facts): string {
  return baseOf({ ...facts, timestamp: { raw: '', day: facts.day, instant: null, hasTime: false } });
}

export function toRowFacts({ identityKey, row }: BookedRow): RowFacts {
  const { timestamp, amount, currency, description } = row;
  return { identityKey, day: timestamp.day, amount, currency, description };
}

function isNear(pair: Rekeying, orphans: readonly RowFacts[], added: readonly RowFacts[]): boolean {
  const from = orphans.find(({ identityKey }) => identityKey === pair.from)?.day;
  const to = added.find(({ identityKey }) => identityKey === pair.to)?.day;
  return from !== undefined && to !== undefined && Math.abs(daysBetween(from, to)) <= LONGEST_SHIFT_DAYS;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Amounts come from the database with the zeros they were sent with or without; one spelling makes them comparable. */
export function withOneSpelling(row: RowFacts): RowFacts {
  return { ...row, amount: canonicalDecimal(row.amount) ?? row.amount };
}
