import { similarity } from './description-similarity.ts';
import { type OpenRows, type Pair, pairInOrder, without } from './open-rows.ts';

/** Counts comparisons of descriptions: they are the one thing here that grows faster than the number of rows. */
export type Comparison = { spend(count: number): void };

/** Some seconds' worth. Only rows of one amount with descriptions that share no word can come near it. */
const MAX_COMPARISONS = 2_000_000;
/** A larger group is first divided by the words of its descriptions. */
const MAX_GROUP_COMPARISONS = 40_000;

/** More descriptions of one amount than can be compared. What is stored has to stay as it is. */
export class MatchingLimitError extends Error {
  constructor() {
    super('too many descriptions of one amount to compare');
  }
}

export function createComparison(): Comparison {
  let count = 0;
  return {
    spend(more) {
      count += more;
      if (count > MAX_COMPARISONS) throw new MatchingLimitError();
    },
  };
}

/** The most similar pair first, over all rows of the group. Descriptions of different counterparties are never paired. */
export function assignBySimilarity<K>(group: OpenRows<K>, comparison: Comparison): Pair<K>[] {
  const size = group.stored.length * group.received.length;
  return size <= MAX_GROUP_COMPARISONS ? assignAll(group, comparison) : assignDivided(group, comparison);
}

function assignAll<K>({ stored, received }: OpenRows<K>, comparison: Comparison): Pair<K>[] {
  comparison.spend(stored.length * received.length);
  const candidates = stored.flatMap((row) =>
    received.flatMap((other) => {
      const score = similarity(row.text, other.text);
      return score > 0 ? [{ stored: row, received: other, score }] : [];
    }),
  );
  // The sort is stable: among equal scores the order of the rows decides.
  candidates.sort((one, other) => other.score - one.score || Number(other.stored.hasEdit) - Number(one.stored.hasEdit));
  const taken = new Set<object>();
  return candidates.flatMap((pair) => {
    if (taken.has(pair.stored) || taken.has(pair.received)) return [];
    taken.add(pair.stored).add(pair.received);
    return [{ stored: pair.stored, received: pair.received }];
  });
}

/** Rows with the same words first; in a group that is still too large they are paired in the order of their descriptions. */
function assignDivided<K>({ stored, received }: OpenRows<K>, comparison: Comparison): Pair<K>[] {
  const storedByWords = Map.groupBy(stored, ({ text }) => text.wordsKey);
  const pairs = [...Map.groupBy(received, ({ text }) => text.wordsKey)].flatMap(([key, rows]) => {
    const group = { stored: storedByWords.get(key) ?? [], received: rows };
    const isSmall = group.stored.length * rows.length <= MAX_GROUP_COMPARISONS;
    return isSmall ? assignAll(group, comparison) : pairInOrder(inTextOrder(group));
  });
  return [...pairs, ...assignAll(without({ stored, received }, pairs), comparison)];
}

function inTextOrder<K>({ stored, received }: OpenRows<K>): OpenRows<K> {
  const byText = (one: { text: { plain: string } }, other: { text: { plain: string } }) =>
    one.text.plain < other.text.plain ? -1 : Number(one.text.plain > other.text.plain);
  return { stored: stored.toSorted(byText), received: received.toSorted(byText) };
}
