import 'server-only';
import { createHmac } from 'node:crypto';
import { openText, seal } from '#lib/crypto/seal';
import type { Account, Card } from '#lib/truelayer/account-schemas';

/** What identifies an account at its bank. Kept sealed; compared by keyed hash only. */
export type AccountNumbers = {
  number: string | null;
  sortCode: string | null;
  iban: string | null;
  swiftBic: string | null;
  routingNumber: string | null;
  bsb: string | null;
  partialCardNumber: string | null;
  nameOnCard: string | null;
};

const NONE: AccountNumbers = {
  number: null,
  sortCode: null,
  iban: null,
  swiftBic: null,
  routingNumber: null,
  bsb: null,
  partialCardNumber: null,
  nameOnCard: null,
};

export function numbersOfAccount(account: Account): AccountNumbers {
  return { ...NONE, ...account.accountNumber };
}

export function numbersOfCard(card: Card): AccountNumbers {
  return { ...NONE, partialCardNumber: card.partialCardNumber, nameOnCard: card.nameOnCard };
}

export function sealNumbers(accountId: string, numbers: AccountNumbers): Buffer<ArrayBuffer> {
  return seal(cellOf(accountId), JSON.stringify(numbers));
}

export function openNumbers(accountId: string, sealed: Uint8Array): AccountNumbers {
  // Written by sealNumbers and authenticated by the seal: nobody else can have made it.
  return { ...NONE, ...(JSON.parse(openText(cellOf(accountId), sealed)) as Partial<AccountNumbers>) };
}

/** The last digits, to tell one account from another by. */
export function hintOf(numbers: AccountNumbers): string | null {
  const text = numbers.partialCardNumber ?? numbers.number ?? numbers.iban;
  const digits = text?.replace(/[^0-9A-Za-z]/g, '') ?? '';
  return digits === '' ? null : digits.slice(-4);
}

/** Sort code and account number are part of it, so that a bank that names only one of the two is understood. */
const UK_OR_IRISH_IBAN = /^(?:GB|IE)\d{2}[A-Z]{4}(\d{6})(\d{8})$/;

/**
 * The hash of a stored account's number as {@link hashNumbers} makes it today, whatever rules were in force when it was
 * stored. Null: the bank gave no number.
 */
export function hashStored(
  key: Buffer,
  row: { id: string; numberSealed: Uint8Array | null; numberHash: Uint8Array | null },
): Uint8Array | null {
  if (row.numberHash === null || row.numberSealed === null) return row.numberHash;
  return hashNumbers(key, openNumbers(row.id, row.numberSealed));
}

/**
 * A keyed hash by which an account is recognised under a new id. By sort code and number where there are both, because some
 * banks give one IBAN to several accounts; cards by last four digits and name, since their partial number has changed length.
 */
export function hashNumbers(key: Buffer, numbers: AccountNumbers): Buffer<ArrayBuffer> | null {
  const text = identifyingText(numbers);
  return text === null ? null : Buffer.from(createHmac('sha256', key).update(text).digest());
}

function identifyingText(numbers: AccountNumbers): string | null {
  const digits = (text: string | null) => text?.replace(/\D/g, '') ?? '';
  const number = digits(numbers.number);
  const branch = digits(numbers.sortCode) || digits(numbers.routingNumber) || digits(numbers.bsb);
  if (number !== '' && branch !== '') return `account ${branch} ${number}`;
  const iban = numbers.iban?.replace(/\s/g, '').toUpperCase() ?? '';
  const [, sortCode, withinBank] = UK_OR_IRISH_IBAN.exec(iban) ?? [];
  if (sortCode !== undefined) return `account ${sortCode} ${withinBank}`;
  if (iban !== '') return `iban ${iban}`;
  if (number !== '') return `number ${number}`;
  if (numbers.partialCardNumber === null) return null;
  const name = (numbers.nameOnCard ?? '').trim().replace(/\s+/g, ' ').toUpperCase();
  return `card ${numbers.partialCardNumber.slice(-4)} ${name}`;
}

function cellOf(accountId: string) {
  return { table: 'accounts', column: 'number_sealed', rowId: accountId };
}
