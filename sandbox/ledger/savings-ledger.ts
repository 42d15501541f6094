import { monthlyInterest } from './current-ledger.ts';
import { lastDayOf } from './days.ts';
import { type Entry, type Ledger, netOf, remember, toRows } from './ledger.ts';
import { mix } from './random.ts';

type SavingsLedgerOptions = {
  seed: number;
  startMinor: number;
  monthlyMinor: number;
  /** Percent a year. */
  rate: number;
  nameHere: string;
  nameThere: string;
};

export type PairedLedger = { ledger: Ledger; otherSide(month: number): Entry[] };

/** A pot that grows, with a dip each summer; every transfer has its other half on a current account. */
export function makeSavingsLedger(options: SavingsLedgerOptions): PairedLedger {
  const { seed, startMinor, monthlyMinor, rate } = options;
  const openingOf = (month: number) => {
    const saved = monthlyMinor * (month - START);
    const noise = mix(seed, month, 67) % Math.max(1, Math.round(monthlyMinor * 0.5));
    const summer = month % 12 >= 7 && month % 12 <= 9 ? monthlyMinor * 2 : 0;
    return startMinor + saved + noise - summer;
  };
  const interestIn = (month: number) => monthlyInterest(seed, Math.round((openingOf(month) * rate) / 1200), month);
  const transferIn = (month: number) => {
    const amountMinor = openingOf(month + 1) - openingOf(month) - netOf(interestIn(month));
    return transferEntries(options, month, amountMinor);
  };
  return {
    ledger: remember({
      openingOf,
      rowsOf: (month) => toRows(openingOf(month), [...interestIn(month), ...transferIn(month).here]),
      pendingAt: () => [],
    }),
    otherSide: (month) => transferIn(month).there,
  };
}

const START = 2012 * 12;

function transferEntries(options: SavingsLedgerOptions, month: number, amountMinor: number) {
  if (amountMinor === 0) return { here: [], there: [] };
  const isIn = amountMinor > 0;
  const common = {
    day: lastDayOf(month) - 2,
    second: 28_000,
    category: 'TRANSFER',
    bankCode: 'TFR',
    classification: [],
    merchant: null,
    reference: 'SAVINGS',
  };
  const here: Entry = {
    ...common,
    amountMinor,
    description: isIn ? `TRANSFER FROM ${options.nameThere}` : `TRANSFER TO ${options.nameThere}`,
    key: mix(options.seed, month, 73),
  };
  const there: Entry = {
    ...common,
    amountMinor: -amountMinor,
    description: isIn ? `TRANSFER TO ${options.nameHere}` : `TRANSFER FROM ${options.nameHere}`,
    key: mix(options.seed, month, 79),
  };
  return { here: [here], there: [there] };
}
