import type { TransactionRow } from '#components/account/transaction-list';
import type { TransactionLine } from '#lib/accounts/transaction-dto';
import { categoryWords } from './enrichment.ts';

/** How money moved, where that says something beside the category. */
const CODINGS: Readonly<Record<string, string>> = {
  ATM: 'Cash machine',
  BILL_PAYMENT: 'Bill payment',
  CASHBACK: 'Cash from a till',
  CHEQUE: 'Cheque',
  CORRECTION: 'Correction by the bank',
  DIRECT_DEBIT: 'Direct Debit',
  DIVIDEND: 'Dividend',
  FEE_CHARGE: 'Fee',
  INTEREST: 'Interest',
  PURCHASE: 'Card payment',
  STANDING_ORDER: 'Standing order',
  TRANSFER: 'Transfer',
};

export function codingWords(coding: string): string | undefined {
  return CODINGS[coding];
}

export function transactionHref({ accountId, id }: Pick<TransactionLine, 'accountId' | 'id'>): string {
  return `/accounts/${accountId}/transactions/${id}`;
}

type Dated = Pick<TransactionLine, 'isDatedAhead' | 'dateDoubt' | 'dateAsSent' | 'isPending'>;

/** What is unusual about a transaction's date, in a few words; undefined where nothing is. */
export function dateWords({ isDatedAhead, dateDoubt }: Dated): string | undefined {
  switch (dateDoubt) {
    case 'impossible':
      return 'Date corrected';
    case 'unreadable':
      return 'Date unclear';
    case 'missing':
      return 'Date not given';
    case null:
      return isDatedAhead ? 'Dated ahead' : undefined;
  }
}

/** The same, with why it is shown under its day. */
export function dateNoteWords(line: Dated): string | undefined {
  const shown = line.isPending
    ? 'It’s shown under the day on which we first saw it.'
    : 'It’s shown beside the transactions it came with.';
  switch (line.dateDoubt) {
    case 'impossible':
      return `Your bank sent “${line.dateAsSent}”, which doesn’t exist. It’s shown under the nearest day.`;
    case 'unreadable':
      return `Your bank sent “${line.dateAsSent}”, which we can’t read as a date. ${shown}`;
    case 'missing':
      return `Your bank gave no date. ${shown}`;
    case null:
      return line.isDatedAhead ? 'Your bank has already booked it under a day that is still to come.' : undefined;
  }
}

export function amountSentWords({ amountAsSent }: Pick<TransactionLine, 'amountAsSent'>): string | undefined {
  return amountAsSent === null ? undefined : `Rounded. Your bank sent ${amountAsSent}.`;
}

export function toTransactionRow(line: TransactionLine): TransactionRow {
  const flags = [
    dateWords(line),
    line.isSignMismatch ? 'Direction unclear: the bank contradicts itself' : undefined,
  ].filter((flag) => flag !== undefined);
  return {
    id: line.id,
    bookedOn: line.day,
    description: line.description,
    merchant: line.name,
    category: categoryWords(line.category),
    href: transactionHref(line),
    money: { amount: line.effect, currency: line.currency },
    ...(line.note === null ? {} : { note: line.note }),
    ...(line.runningBalance === null
      ? {}
      : { runningBalance: { amount: line.runningBalance, currency: line.currency } }),
    ...(flags.length === 0 ? {} : { flags }),
  };
}
