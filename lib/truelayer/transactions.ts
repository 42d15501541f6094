import type { AccountKind } from './call.ts';
import { roundAmounts, withoutNoise } from './currency-digits.ts';
import { canonicalDecimal, negate, signOf } from './decimal.ts';
import { type ExactJson, type ExactObject, isExactObject } from './exact-json.ts';
import { RowFault } from './rows.ts';
import { parseTimestamp, type ReceivedTimestamp, type Timestamp } from './timestamp.ts';

export type Merchant = {
  name: string;
  source: 'merchant_name' | 'provider_merchant_name' | 'counter_party_preferred_name';
};

/** Why a row's day isn't the bank's own: it named a day that doesn't exist, wrote what is no date, or gave none. */
export type DateDoubt = 'impossible' | 'unreadable' | 'missing';

/** Amounts as they were sent, where a float's noise was taken off. */
export type AmountsAsSent = { amount?: string; runningBalance?: string };

/** As the bank sent it: it may lack a date. Whoever knows the account gives it a day. */
export type ReceivedTransaction = Omit<Transaction, 'timestamp'> & {
  timestamp: ReceivedTimestamp | null;
  /** The date as it was sent; empty for none. */
  dateAsSent: string;
};

export type Transaction = {
  /** Not an identity: it may differ at the next request, and equal rows may share it. */
  transactionId: string;
  /** Stable where there is one. */
  normalisedProviderTransactionId: string | null;
  providerTransactionId: string | null;
  timestamp: Timestamp;
  dateDoubt: DateDoubt | null;
  description: string;
  amount: string;
  currency: string;
  /** The amount seen from the person's purse: a purchase is negative on a card too. */
  effect: string;
  type: string | null;
  /** Type and sign contradict each other. Then the sign is believed. */
  signMismatch: boolean;
  category: string | null;
  classification: string[];
  merchant: Merchant | null;
  runningBalance: { amount: string; currency: string | null } | null;
  amountsAsSent: AmountsAsSent | null;
  /** As the bank sent it, but for its numbers, which are the text of them. */
  meta: ExactObject | null;
};

/** Stands for "no date", as in a standing order without an end. */
const OPEN_ENDED = '9999';

/** Written by hand, because a hundred thousand of these wait while a person does. */
export function parseTransaction(row: ExactObject, kind: AccountKind): ReceivedTransaction | RowFault {
  const transactionId = text(row.transaction_id);
  if (transactionId === null) return fault(row, 'transaction_id');
  const sent = typeof row.amount === 'string' ? canonicalDecimal(row.amount) : null;
  if (sent === null) return fault(row, 'amount');
  const currency = currencyOf(row.currency);
  if (currency === null) return fault(row, 'currency');
  const amount = withoutNoise(sent, currency);
  const meta = isExactObject(row.meta) ? row.meta : null;
  const effect = kind === 'card' ? negate(amount) : amount;
  const type = text(row.transaction_type);
  const dateAsSent = typeof row.timestamp === 'string' ? row.timestamp : '';
  const timestamp = timestampOf(dateAsSent);
  const balanceSent = balanceSentOf(row.running_balance);
  const balance = balanceSent === null ? null : withoutNoise(balanceSent, currency);
  return {
    transactionId,
    normalisedProviderTransactionId: text(row.normalised_provider_transaction_id),
    providerTransactionId: text(row.provider_transaction_id),
    timestamp,
    dateAsSent,
    dateDoubt: doubtOf(timestamp, dateAsSent),
    description: text(row.description) ?? '',
    amount,
    currency,
    effect,
    type,
    signMismatch: isMismatch(type, effect),
    category: text(row.transaction_category),
    classification: textsOf(row.transaction_classification),
    merchant: merchantOf(row, meta),
    runningBalance:
      balance === null || !isExactObject(row.running_balance)
        ? null
        : { amount: balance, currency: currencyOf(row.running_balance.currency) },
    amountsAsSent:
      sent === amount && balanceSent === balance
        ? null
        : roundAmounts({ amount: sent, runningBalance: balanceSent }, currency).asSent,
    meta,
  };
}

function timestampOf(dateAsSent: string): ReceivedTimestamp | null {
  const timestamp = parseTimestamp(dateAsSent);
  return timestamp === null || timestamp.day.startsWith(OPEN_ENDED) ? null : timestamp;
}

/** No text at all, and the years 0, 1 and 9999, say that there is no date. */
function doubtOf(timestamp: ReceivedTimestamp | null, dateAsSent: string): DateDoubt | null {
  if (timestamp !== null) return timestamp.isAdjusted ? 'impossible' : null;
  return /^\s*(?:000[01]-|9999-|$)/.test(dateAsSent) ? 'missing' : 'unreadable';
}

function fault(row: ExactObject, key: string): RowFault {
  const value = row[key];
  return new RowFault(value === undefined || value === null || value === '' ? 'missing' : 'unreadable', key);
}

function text(value: ExactJson | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function currencyOf(value: ExactJson | undefined): string | null {
  if (typeof value !== 'string') return null;
  const code = value.length === 3 ? value : value.trim();
  return /^[A-Za-z]{3}$/.test(code) ? code.toUpperCase() : null;
}

/** Of the effect, so that one rule serves accounts and cards: a debit lessens what the person has. */
function isMismatch(type: string | null, effect: string): boolean {
  if (type === 'DEBIT') return signOf(effect) > 0;
  return type === 'CREDIT' && signOf(effect) < 0;
}

function textsOf(value: ExactJson | undefined): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function merchantOf(row: ExactObject, meta: ExactObject | null): Merchant | null {
  if (isName(row.merchant_name)) return { name: row.merchant_name, source: 'merchant_name' };
  if (meta === null) return null;
  if (isName(meta.provider_merchant_name))
    return { name: meta.provider_merchant_name, source: 'provider_merchant_name' };
  if (!isName(meta.counter_party_preferred_name)) return null;
  return { name: meta.counter_party_preferred_name, source: 'counter_party_preferred_name' };
}

function isName(value: ExactJson | undefined): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function balanceSentOf(value: ExactJson | undefined): string | null {
  return isExactObject(value) && typeof value.amount === 'string' ? canonicalDecimal(value.amount) : null;
}
