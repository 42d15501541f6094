import { isCredible } from './identifiers.ts';

export type OutsideIds = { normalisedProviderTransactionId: string | null; providerTransactionId: string | null };

/** In place of a content: rows of different content have the id. */
const SHARED = '';

/**
 * Tells rows that an answer holds twice, as overlapping pages make them, from equal transactions. A row is a repetition when an
 * earlier one has the same id and the same content, and no row has that id with other content: an id that is blank, a placeholder
 * or shared makes no repetition.
 */
export function createRepetitions() {
  const contentById = new Map<string, string>();
  return {
    /** Whether the row may be a repetition. Only at the end of the answer is it known whether its id is shared. */
    isPossible(row: OutsideIds, contentHash: string): boolean {
      const id = idOf(row);
      if (id === null) return false;
      const seen = contentById.get(id);
      if (seen === contentHash) return isCredible(id);
      contentById.set(id, seen === undefined ? contentHash : SHARED);
      return false;
    },
    isShared: (row: OutsideIds): boolean => contentById.get(idOf(row) ?? '') === SHARED,
  };
}

/** Long ones are looked at closely only when they occur again: nearly all are ids, and each look costs. */
const SURELY_CHECKED_LENGTH = 12;

function idOf({
  normalisedProviderTransactionId: normalised,
  providerTransactionId: provider,
}: OutsideIds): string | null {
  const isId = normalised !== null && (normalised.length > SURELY_CHECKED_LENGTH || isCredible(normalised));
  return isId ? normalised : provider;
}
