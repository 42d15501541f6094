import { firstDayOf, lastDayOf } from './days.ts';
import { type Entry, type Ledger, netOf, remember, toRows } from './ledger.ts';
import { purchasesBookedIn, purchasesPendingAt, type Shopper } from './purchases.ts';
import { mix } from './random.ts';
import { type Regular, regularEntriesIn } from './regulars.ts';

type CurrentLedgerOptions = {
  seed: number;
  /** What is left over when a month begins, before noise. */
  floorMinor: number;
  regulars: readonly Regular[];
  shopper: Shopper;
  /** The halves of transfers that other accounts of the person begin. */
  links: readonly ((month: number) => Entry[])[];
  /** Whose name is on the payment that squares the month. */
  squaredWith: string;
  extras?: (month: number) => Entry[];
};

export function makeCurrentLedger(options: CurrentLedgerOptions): Ledger {
  const { seed, floorMinor, regulars, shopper, links } = options;
  const openingOf = (month: number) => floorMinor + (mix(seed, month, 47) % Math.max(1, Math.round(floorMinor * 0.4)));
  return remember({
    openingOf,
    rowsOf(month) {
      const entries = [
        ...regularEntriesIn(regulars, month),
        ...purchasesBookedIn(shopper, month),
        ...links.flatMap((link) => link(month)),
        ...(options.extras?.(month) ?? []),
      ];
      const missing = openingOf(month + 1) - openingOf(month) - netOf(entries);
      if (missing !== 0) entries.push(squaringEntry(options, month, missing));
      return toRows(openingOf(month), entries);
    },
    pendingAt: (nowMs) => purchasesPendingAt(shopper, nowMs),
  });
}

/** A payment with somewhere else that brings the month to where the next one begins. */
function squaringEntry({ seed, squaredWith }: CurrentLedgerOptions, month: number, amountMinor: number): Entry {
  const isIn = amountMinor > 0;
  return {
    day: lastDayOf(month) - 1,
    second: 21_600,
    amountMinor,
    description: isIn ? `FASTER PAYMENT FROM ${squaredWith}` : `FASTER PAYMENT TO ${squaredWith}`,
    category: 'TRANSFER',
    bankCode: isIn ? 'FPI' : 'FPO',
    classification: [],
    merchant: null,
    reference: 'SAVINGS ELSEWHERE',
    key: mix(seed, month, 53),
  };
}

export function monthlyInterest(seed: number, amountMinor: number, month: number): Entry[] {
  return [
    {
      day: lastDayOf(month),
      second: 22_000,
      amountMinor,
      description: 'INTEREST PAID',
      category: 'INTEREST',
      bankCode: 'INT',
      classification: [],
      merchant: null,
      reference: null,
      key: mix(seed, month, 59),
    },
  ];
}

export function accountFee(seed: number, amountMinor: number, month: number): Entry[] {
  return [
    {
      day: firstDayOf(month),
      second: 30,
      amountMinor: -amountMinor,
      description: 'ACCOUNT FEE',
      category: 'FEE_CHARGE',
      bankCode: 'FEE',
      classification: [],
      merchant: null,
      reference: null,
      key: mix(seed, month, 61),
    },
  ];
}
