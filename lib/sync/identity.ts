import { hash } from 'node:crypto';
import type { Transaction } from '#lib/truelayer/transactions';

/**
 * Gives each row of one answer the key under which it is stored: the bank's stable id where there is one, else what the row
 * says of itself and its number among equals. Null for a row that was in the answer already.
 */
export function createIdentifier(): (row: Transaction) => string | null {
  const contentById = new Map<string, string>();
  const countByBase = new Map<string, number>();
  const providerIds = new Set<string>();
  return (row) => {
    const base = baseOf(row);
    const { normalisedProviderTransactionId: stableId, providerTransactionId: providerId } = row;
    if (stableId !== null) {
      const seen = contentById.get(stableId);
      if (seen === base) return null;
      if (seen === undefined) {
        contentById.set(stableId, base);
        return `n:${stableId}`;
      }
      // Two different rows under one "stable" id: it names neither, and the second goes by what it says.
    }
    if (providerId !== null) {
      const both = `${providerId}\n${base}`;
      if (providerIds.has(both)) return null;
      providerIds.add(both);
    }
    const occurrence = (countByBase.get(base) ?? 0) + 1;
    countByBase.set(base, occurrence);
    return `d:${hash('sha256', base, 'base64url').slice(0, 22)}:${occurrence}`;
  };
}

/** What two transactions of one day have in common when nothing but their number can tell them apart. */
export function baseOf(row: Pick<Transaction, 'timestamp' | 'amount' | 'currency' | 'description'>): string {
  return `${row.timestamp.day}\n${row.amount}\n${row.currency}\n${row.description.trim().replace(/\s+/g, ' ')}`;
}

/**
 * What changes when the bank changes its mind about a row, as text. TrueLayer's own id and the order of rows are left out: both
 * differ from one answer to the next while nothing has happened.
 */
export function contentOf(row: Transaction): string {
  return JSON.stringify([
    row.timestamp.raw,
    row.description,
    row.amount,
    row.currency,
    row.normalisedProviderTransactionId,
    row.providerTransactionId,
    row.type,
    row.category,
    row.classification,
    row.merchant,
    row.runningBalance,
    row.meta,
  ]);
}

/** To tell a change by, and nothing that anybody could gain from forging. */
export function hashOfContent(content: string): string {
  return hash('md5', content, 'base64url').slice(0, 12);
}
