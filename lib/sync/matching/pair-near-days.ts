import type { Comparison } from './assign-by-similarity.ts';
import { similarity } from './description-similarity.ts';
import {
  amountKey,
  editedFirst,
  isNear,
  type OpenRows,
  type Pair,
  pairInOrder,
  type Received,
  type Stored,
  without,
} from './open-rows.ts';

/** Rows that a bank has moved by a few days, with the description or nearly: only where nothing else could be meant. */
export function pairNearDays<K>({ stored, received }: OpenRows<K>, comparison: Comparison): Pair<K>[] {
  const storedByAmount = Map.groupBy(
    stored.filter(({ canMoveDay }) => canMoveDay),
    amountKey,
  );
  return [...Map.groupBy(received, amountKey)].flatMap(([key, rows]) => {
    const group = { stored: storedByAmount.get(key) ?? [], received: rows };
    if (group.stored.length === 0) return [];
    const shifted = pairShifted(group);
    return [...shifted, ...pairUnambiguous(without(group, shifted), comparison)];
  });
}

/** As many rows of the same words on either side, each near its counterpart: the whole series has moved. */
function pairShifted<K>({ stored, received }: OpenRows<K>): Pair<K>[] {
  const storedByWords = Map.groupBy(stored, ({ text }) => text.wordsKey);
  return [...Map.groupBy(received, ({ text }) => text.wordsKey)].flatMap(([key, rows]) => {
    const olds = storedByWords.get(key) ?? [];
    if (key === '' || olds.length !== rows.length) return [];
    const pairs = pairInOrder({ stored: olds.toSorted(byDay), received: rows.toSorted(byDay) });
    return pairs.every((pair) => isNear(pair.stored.day, pair.received.day)) ? pairs : [];
  });
}

/** Rows of one day and the same words are interchangeable. */
type Class<R> = { day: string; first: R; rows: R[] };

function pairUnambiguous<K>({ stored, received }: OpenRows<K>, comparison: Comparison): Pair<K>[] {
  const olds = toClasses(stored);
  const news = toClasses(received);
  const links: { old: Class<Stored>; fresh: Class<Received<K>> }[] = [];
  let start = 0;
  for (const fresh of news) {
    while (start < olds.length && isBefore(olds[start], fresh.day)) start++;
    for (let at = start; at < olds.length; at++) {
      const old = olds[at];
      if (old === undefined || !isNear(old.day, fresh.day)) break;
      comparison.spend(1);
      if (similarity(old.first.text, fresh.first.text) > 0) links.push({ old, fresh });
    }
  }
  const oldCounts = countBy(links, ({ old }) => old);
  const newCounts = countBy(links, ({ fresh }) => fresh);
  return links
    .filter(({ old, fresh }) => oldCounts.get(old) === 1 && newCounts.get(fresh) === 1)
    .flatMap(({ old, fresh }) => pairInOrder({ stored: editedFirst(old.rows), received: fresh.rows }));
}

function toClasses<R extends Stored | Received<unknown>>(rows: readonly R[]): Class<R>[] {
  return [...Map.groupBy(rows.toSorted(byDay), ({ day, text }) => `${day} ${text.wordsKey}`).values()].flatMap(
    (same) => {
      const [first] = same;
      return first === undefined ? [] : [{ day: first.day, first, rows: same }];
    },
  );
}

/** Too early to be near: so it is for all later days. */
function isBefore(old: Class<Stored> | undefined, day: string): boolean {
  return old !== undefined && old.day < day && !isNear(old.day, day);
}

function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

const byDay = (one: { day: string }, other: { day: string }) =>
  one.day < other.day ? -1 : Number(one.day > other.day);
