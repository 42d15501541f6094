import { assignBySimilarity, type Comparison, createComparison } from './assign-by-similarity.ts';
import { similarity, toComparableText } from './description-similarity.ts';
import {
  amountKey,
  editedFirst,
  isNear,
  type OpenRows,
  type Pair,
  pairInOrder,
  type Received,
  type ReceivedFacts,
  type Stored,
  type StoredFacts,
  type TransactionFacts,
  without,
} from './open-rows.ts';
import { pairNearDays } from './pair-near-days.ts';

/**
 * Decides which received rows are stored transactions. The strongest agreement is taken first, over all rows, before the next is
 * tried: the same content, then an id with the same amount, then the closest description of that day and amount, then a few
 * days apart where nothing else could be meant. An amount or a currency never differs. Visible rows are preferred to removed
 * ones. The table is in `lib/sync/README.md`. Takes time and memory in proportion to the number of rows.
 * @returns the id of the stored row, by the key of the received one.
 * @throws {MatchingLimitError} more descriptions of one amount than can be compared; nothing is decided then.
 */
export function matchTransactions<K>(
  storedFacts: readonly StoredFacts[],
  receivedFacts: readonly ReceivedFacts<K>[],
  sharedIds: ReadonlySet<string>,
): Map<K, string> {
  const all: OpenRows<K> = {
    stored: storedFacts.map((row) => ({ ...row, text: toComparableText(row.description) })),
    received: receivedFacts.map((row) => ({ ...row, text: toComparableText(row.description) })),
  };
  const comparison = createComparison();
  const pairs: Pair<K>[] = [];
  let open = all;
  for (const find of [
    pairSameContent<K>,
    (rows: OpenRows<K>) => pairSameId(rows, trustedIds(all, pairs, sharedIds)),
    (rows: OpenRows<K>) => pairSameDay(rows, comparison),
    (rows: OpenRows<K>) => pairNearDays(rows, comparison),
  ]) {
    for (const isRemoved of [false, true]) {
      const found = find({ ...open, stored: open.stored.filter((row) => row.isRemoved === isRemoved) });
      if (found.length === 0) continue;
      pairs.push(...found);
      open = without(open, found);
    }
  }
  return new Map(pairs.map(({ stored, received }) => [received.key, stored.id]));
}

/** Equal rows are interchangeable: one of the same id is preferred, then one that the user has written on. */
function pairSameContent<K>({ stored, received }: OpenRows<K>): Pair<K>[] {
  const storedByContent = Map.groupBy(stored, contentKey);
  return [...Map.groupBy(received, contentKey)].flatMap(([key, rows]) => {
    const candidates = editedFirst(storedByContent.get(key) ?? []);
    if (candidates.length === 0) return [];
    const byId = pairEqualIds(candidates, rows);
    const rest = without({ stored: candidates, received: rows }, byId);
    return [...byId, ...pairInOrder(rest)];
  });
}

function pairEqualIds<K>(stored: readonly Stored[], received: readonly Received<K>[]): Pair<K>[] {
  const byId = new Map(stored.toReversed().flatMap((row) => row.ids.map((id) => [id, row] as const)));
  const taken = new Set<Stored>();
  return received.flatMap((row) => {
    const match = row.ids.map((id) => byId.get(id)).find((each) => each !== undefined && !taken.has(each));
    if (match === undefined) return [];
    taken.add(match);
    return [{ stored: match, received: row }];
  });
}

/** An id that agrees, of one row on either side, the same amount, and the day or nearly that and the description. */
function pairSameId<K>({ stored, received }: OpenRows<K>, trusted: ReadonlySet<string>): Pair<K>[] {
  const receivedById = new Map(received.flatMap((row) => row.ids.map((id) => [id, row] as const)));
  const taken = new Set<Received<K>>();
  return stored.flatMap((row) => {
    for (const id of row.ids) {
      const candidate = trusted.has(id) ? receivedById.get(id) : undefined;
      if (candidate === undefined || taken.has(candidate) || !isCorrection(row, candidate)) continue;
      taken.add(candidate);
      return [{ stored: row, received: candidate }];
    }
    return [];
  });
}

function isCorrection<K>(stored: Stored, received: Received<K>): boolean {
  if (amountKey(stored) !== amountKey(received)) return false;
  if (stored.day === received.day) return true;
  return isNear(stored.day, received.day) && similarity(stored.text, received.text) > 0;
}

/**
 * Ids that one row on either side has. None of a kind (normalised, the bank's own) of which an id has moved: where a row has
 * the same content under a new id while another row has its old one, that kind numbers places, not transactions.
 */
function trustedIds<K>(all: OpenRows<K>, pairs: readonly Pair<K>[], sharedIds: ReadonlySet<string>): Set<string> {
  const storedIds = countIds(all.stored);
  const receivedIds = countIds(all.received);
  const movedKinds = new Set<string>();
  for (const { stored, received } of pairs) {
    for (const id of stored.ids) {
      if (!received.ids.includes(id) && receivedIds.has(id)) movedKinds.add(kindOf(id));
    }
  }
  const isTrusted = (id: string) =>
    storedIds.get(id) === 1 && receivedIds.get(id) === 1 && !sharedIds.has(id) && !movedKinds.has(kindOf(id));
  return new Set([...receivedIds.keys()].filter(isTrusted));
}

const kindOf = (id: string) => id.slice(0, 1);

function countIds(rows: readonly TransactionFacts[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ids } of rows) for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** The closest descriptions within a day and an amount, over all rows of it. */
function pairSameDay<K>({ stored, received }: OpenRows<K>, comparison: Comparison): Pair<K>[] {
  const storedByKey = Map.groupBy(stored, dayKey);
  return [...Map.groupBy(received, dayKey)].flatMap(([key, rows]) => {
    const candidates = storedByKey.get(key) ?? [];
    return candidates.length === 0 ? [] : assignBySimilarity({ stored: candidates, received: rows }, comparison);
  });
}

const dayKey = (row: TransactionFacts) => `${row.day} ${amountKey(row)}`;
/** Descriptions that differ in blanks only are the same. */
const contentKey = (row: TransactionFacts) => `${dayKey(row)} ${row.description.trim().replace(/\s+/g, ' ')}`;
