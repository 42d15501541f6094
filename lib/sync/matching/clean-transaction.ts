import { hash } from 'node:crypto';
import { withoutNul } from '#lib/sync/without-nul';
import { cutText, isMetaTooLarge, MAX_LIST_LENGTH, MAX_TEXT_LENGTH } from '#lib/truelayer/bounds';
import type { Transaction } from '#lib/truelayer/transactions';
import { contentOf } from './content-hash.ts';

const MAX_ID_LENGTH = 200;

/** A row as it can be stored, and its content before it was made so, which stays comparable with the bank's next answer. */
export type CleanTransaction = { row: Transaction; content: string };

/** `\u0000`, other control characters and halves of characters are written so in JSON. */
const ESCAPE = '\\u';
const UNUSUAL_ID = /[^\x20-\x7e]/;

/**
 * Makes a row one that PostgreSQL accepts: without control characters and halves of characters, ids and texts of bounded
 * length. An id that is too long is replaced by its hash, so that it can still be compared; a text is cut; `meta` that is too
 * large or nested too deeply is left out.
 */
export function cleanTransaction(row: Transaction): CleanTransaction {
  const content = contentOrNull(row);
  if (content === null) return cleanTransaction({ ...row, meta: null });
  const isPlain = !content.includes(ESCAPE) && !UNUSUAL_ID.test(row.transactionId);
  const bounded = isWithinBounds(row, content) ? row : bound(row);
  return { row: isPlain && bounded === row ? row : withoutNul(bounded), content };
}

/** Null where it is nested so deeply that it can't be written as JSON. */
function contentOrNull(row: Transaction): string | null {
  try {
    return contentOf(row);
  } catch (error) {
    if (error instanceof RangeError && row.meta !== null) return null;
    throw error;
  }
}

function isWithinBounds(row: Transaction, content: string): boolean {
  return (
    content.length <= MAX_TEXT_LENGTH &&
    row.transactionId.length <= MAX_ID_LENGTH &&
    (row.normalisedProviderTransactionId?.length ?? 0) <= MAX_ID_LENGTH &&
    (row.providerTransactionId?.length ?? 0) <= MAX_ID_LENGTH
  );
}

function bound(row: Transaction): Transaction {
  return {
    ...row,
    transactionId: boundId(row.transactionId),
    normalisedProviderTransactionId: boundOptionalId(row.normalisedProviderTransactionId),
    providerTransactionId: boundOptionalId(row.providerTransactionId),
    timestamp: { ...row.timestamp, raw: cutText(row.timestamp.raw) },
    description: cutText(row.description),
    type: cutText(row.type),
    category: cutText(row.category),
    classification: row.classification.slice(0, MAX_LIST_LENGTH).map(cutText),
    merchant: row.merchant === null ? null : { ...row.merchant, name: cutText(row.merchant.name) },
    meta: row.meta !== null && isMetaTooLarge(row.meta) ? null : row.meta,
  };
}

function boundId(id: string): string {
  return id.length <= MAX_ID_LENGTH ? id : `sha256:${hash('sha256', id, 'base64url')}`;
}

function boundOptionalId(id: string | null): string | null {
  return id === null ? null : boundId(id);
}
