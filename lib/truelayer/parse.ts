import {
  type Account,
  type AccountBalance,
  account,
  accountBalance,
  type Card,
  type CardBalance,
  card,
  cardBalance,
} from './account-schemas.ts';
import type { AccountKind, AsyncEndpoint } from './call.ts';
import { type Bank, bank, type HealthSample, healthSample } from './catalogue-schemas.ts';
import { finalRows, parseEnvelope, type RowIndex } from './envelope.ts';
import { TrueLayerError } from './error.ts';
import { type Holder, holder, type Me, me } from './identity-schemas.ts';
import { type DirectDebit, directDebit, type StandingOrder, standingOrder } from './payment-schemas.ts';
import { allRows, type Batch, batchesOf, type RowParser } from './rows.ts';
import { rowParser } from './tolerant.ts';
import { parseTransaction, type ReceivedTransaction } from './transactions.ts';

export type Parsed<T> = Batch<T>;

export type TransactionBatch = Batch<ReceivedTransaction>;

/** Parsed as they are walked, some thousand at a time; they may be walked again. */
export type ParsedTransactions = { rows: Iterable<TransactionBatch>; rowCount: number };

export type RowsByEndpoint = {
  me: Parsed<Me>;
  info: Parsed<Holder>;
  accounts: Parsed<Account>;
  account_balance: Parsed<AccountBalance>;
  account_transactions: ParsedTransactions;
  account_pending_transactions: Parsed<ReceivedTransaction>;
  account_direct_debits: Parsed<DirectDebit>;
  account_standing_orders: Parsed<StandingOrder>;
  cards: Parsed<Card>;
  card_balance: Parsed<CardBalance>;
  card_transactions: ParsedTransactions;
  card_pending_transactions: Parsed<ReceivedTransaction>;
};

export type DataEndpoint = AsyncEndpoint | 'me' | 'info';

/** By endpoint, what becomes of the rows of a complete answer. */
export const readRows: { readonly [E in DataEndpoint]: (rows: RowIndex) => RowsByEndpoint[E] } = {
  me: readerOf(rowParser(me)),
  info: readerOf(rowParser(holder)),
  accounts: readerOf(rowParser(account)),
  account_balance: readerOf(rowParser(accountBalance)),
  account_transactions: (rows) => transactionsOf(rows, 'account'),
  account_pending_transactions: readerOf((row) => parseTransaction(row, 'account')),
  account_direct_debits: readerOf(rowParser(directDebit)),
  account_standing_orders: readerOf(rowParser(standingOrder)),
  cards: readerOf(rowParser(card)),
  card_balance: readerOf(rowParser(cardBalance)),
  card_transactions: (rows) => transactionsOf(rows, 'card'),
  card_pending_transactions: readerOf((row) => parseTransaction(row, 'card')),
};

// Each of these takes the bytes of an answer, fresh or kept, and throws a TrueLayerError unless they are a complete one.

export const parseMe = (body: Uint8Array): Parsed<Me> => parseFinal('me', body);
export const parseInfo = (body: Uint8Array): Parsed<Holder> => parseFinal('info', body);
export const parseAccounts = (body: Uint8Array): Parsed<Account> => parseFinal('accounts', body);
export const parseCards = (body: Uint8Array): Parsed<Card> => parseFinal('cards', body);
export const parseDirectDebits = (body: Uint8Array): Parsed<DirectDebit> => parseFinal('account_direct_debits', body);
export const parseStandingOrders = (body: Uint8Array): Parsed<StandingOrder> =>
  parseFinal('account_standing_orders', body);

export function parseBalance<K extends AccountKind>(body: Uint8Array, kind: K): RowsByEndpoint[`${K}_balance`] {
  return parseFinal(`${kind}_balance`, body);
}

export function parseTransactions(body: Uint8Array, kind: AccountKind): ParsedTransactions {
  return parseFinal(`${kind}_transactions`, body);
}

/** A pending set is small, and is replaced as a whole. */
export function parsePendingTransactions(body: Uint8Array, kind: AccountKind): Parsed<ReceivedTransaction> {
  return parseFinal(`${kind}_pending_transactions`, body);
}

export const parseBanks = (body: Uint8Array): Parsed<Bank> => parseCatalogue(body, rowParser(bank));
export const parseStatus = (body: Uint8Array): Parsed<HealthSample> => parseCatalogue(body, rowParser(healthSample));

function parseFinal<E extends DataEndpoint>(endpoint: E, body: Uint8Array): RowsByEndpoint[E] {
  return readRows[endpoint](finalRows(parseEnvelope(body)));
}

/** Catalogues are bare arrays, or have a `status` that means something else. */
function parseCatalogue<T>(body: Uint8Array, parse: RowParser<T>): Parsed<T> {
  const { rows } = parseEnvelope(body);
  if (!rows) throw new TrueLayerError({ code: 'unexpected_shape' });
  return allRows(rows, parse);
}

function readerOf<T>(parse: RowParser<T>): (rows: RowIndex) => Parsed<T> {
  return (rows) => allRows(rows, parse);
}

function transactionsOf(rows: RowIndex, kind: AccountKind): ParsedTransactions {
  return { rows: batchesOf(rows, (row) => parseTransaction(row, kind)), rowCount: rows.rowCount };
}
