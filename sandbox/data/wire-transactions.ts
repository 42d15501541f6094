import type { BankTraits } from '#sandbox/banks/traits';
import { dayText, monthOf } from '#sandbox/ledger/days';
import { type LedgerRow, listRows, type PendingRow } from '#sandbox/ledger/ledger';
import { hexOf, mix, seedOf } from '#sandbox/ledger/random';
import type { Account, Card } from '#sandbox/people/person';
import type { Reached } from './call.ts';

export type WireTransaction = Record<string, unknown> & { timestamp: string; amount: number };

type Style = {
  traits: BankTraits;
  bankId: string;
  accountSeed: number;
  currency: string;
  isCard: boolean;
  cardNumber: string | null;
  hasRunningBalance: boolean;
};

export function toTransactions(reached: Reached, holding: Account | Card): WireTransaction[] {
  if (reached.window === null) return [];
  const { fromDay, toDay } = reached.window;
  const style = styleOf(reached, holding);
  const rows = listRows(holding.ledger, fromDay, toDay).map((row) => toBooked(row, style));
  const { rows_per_request, order } = reached.traits;
  const kept = rows_per_request === null ? rows : rows.slice(-rows_per_request);
  return order === 'newest_first' ? kept.reverse() : kept;
}

/** The whole current set, whatever window was asked for. */
export function toPending(reached: Reached, holding: Account | Card): WireTransaction[] {
  const style = styleOf(reached, holding);
  const rows = holding.ledger.pendingAt(reached.asOfMs).toSorted((a, b) => b.day - a.day || b.second - a.second);
  return rows.map((row) => toPendingRow(row, style));
}

function styleOf({ person, traits, call }: Reached, holding: Account | Card): Style {
  const isCard = 'limitMinor' in holding;
  return {
    traits,
    bankId: person.bank.id,
    accountSeed: holding.seed,
    currency: holding.currency,
    isCard,
    cardNumber: isCard ? `${4000 + (holding.seed % 1500)}********${holding.partialNumber}` : null,
    hasRunningBalance: call.connection.scopes.includes('balance') && person.bank.id !== 'ob-amex',
  };
}

function toBooked(row: LedgerRow, style: Style): WireTransaction {
  const { traits, accountSeed, currency } = style;
  const timestamp = toTimestamp(row, traits.timestamps);
  const amount = amountOf(row.amountMinor, style);
  const isSteady = traits.provider_ids === 'steady' ? row.key % 12 !== 0 : row.key % 10 < 6;
  const hasNormalised = traits.provider_ids !== 'none' && isSteady;
  const hasProviderId = hasNormalised || (traits.provider_ids !== 'none' && row.key % 3 !== 0);
  return {
    transaction_id: hasProviderId
      ? hexOf(32, accountSeed, row.key, row.day)
      : hexOf(32, accountSeed, seedOf(timestamp, row.description, amount)),
    ...(hasNormalised ? { normalised_provider_transaction_id: `txn-${hexOf(17, row.key, accountSeed, row.day)}` } : {}),
    ...(hasProviderId ? { provider_transaction_id: hexOf(18, row.day, accountSeed, row.key) } : {}),
    timestamp,
    description: row.description,
    amount,
    currency,
    transaction_type: typeOf(row, style),
    transaction_category: row.category,
    transaction_classification: row.classification,
    ...(row.merchant !== null && traits.merchant_in === 'merchant_name' ? { merchant_name: row.merchant } : {}),
    ...(style.hasRunningBalance ? { running_balance: { amount: amountOf(row.balanceMinor, style), currency } } : {}),
    meta: metaOf(row, style),
  };
}

function toPendingRow(row: PendingRow, style: Style): WireTransaction {
  return {
    transaction_id: hexOf(32, style.accountSeed, row.key, row.day),
    timestamp: toTimestamp(row, style.traits.timestamps),
    description: row.description,
    amount: amountOf(row.amountMinor, style),
    currency: style.currency,
    transaction_type: typeOf(row, style),
    transaction_category: row.category,
    transaction_classification: [],
    meta: { provider_transaction_category: row.bankCode },
  };
}

function amountOf(minor: number, { isCard, traits }: Style): number {
  return (isCard && traits.card_signs === 'inverted' ? -minor : minor) / 100;
}

/** At the mock bank type and sign have nothing to do with each other. */
function typeOf({ amountMinor, key }: { amountMinor: number; key: number }, { bankId, isCard }: Style): string {
  if (bankId === 'mock') return key % 2 === 0 ? 'DEBIT' : 'CREDIT';
  return amountMinor > 0 === isCard ? 'DEBIT' : 'CREDIT';
}

function toTimestamp({ day, second, key }: PendingRow, form: BankTraits['timestamps']): string {
  switch (form) {
    case 'day':
      return `${dayText(day)}T00:00:00Z`;
    case 'day_naive':
      return `${dayText(day)}T00:00:00`;
    case 'day_offset':
      return `${dayText(day)}T00:00:00+00:00`;
    case 'precise':
      return `${dayText(day)}T${timeText(second, key)}Z`;
    case 'precise_offset':
      return `${dayText(day)}T${timeText(second, key)}${isSummer(day) ? '+01:00' : '+00:00'}`;
  }
}

function timeText(second: number, key: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const ms = String(mix(key, 7) % 1000).padStart(3, '0');
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}.${ms}`;
}

/** April to October: near enough to when British clocks are forward. */
function isSummer(day: number): boolean {
  const month = monthOf(day) % 12;
  return month >= 3 && month <= 9;
}

function metaOf(row: LedgerRow, { traits, bankId, cardNumber }: Style): Record<string, unknown> {
  return {
    provider_transaction_category: row.bankCode,
    ...(row.reference === null ? {} : { provider_reference: row.reference }),
    ...(row.merchant === null || traits.merchant_in === 'merchant_name' ? {} : { [traits.merchant_in]: row.merchant }),
    ...(cardNumber === null ? {} : { cardNumber }),
    ...(bankId === 'ob-starling'
      ? { provider_source: row.bankCode === 'DEB' ? 'MASTER_CARD' : 'FASTER_PAYMENTS_OUT' }
      : {}),
    ...(bankId === 'ob-monzo' && row.amountMinor > 0 ? { debtor_account_name: row.description } : {}),
    ...(bankId.startsWith('ob-revolut') ? { user_comments: row.reference ?? '' } : {}),
  };
}
