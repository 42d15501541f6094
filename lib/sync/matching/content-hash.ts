import { hash } from 'node:crypto';
import type { Transaction } from '#lib/truelayer/transactions';

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
