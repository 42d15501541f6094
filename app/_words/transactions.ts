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

export function toTransactionRow(line: TransactionLine): TransactionRow {
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
    ...(line.isSignMismatch ? { flags: ['Direction unclear: the bank contradicts itself'] } : {}),
  };
}
