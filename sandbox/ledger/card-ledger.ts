import { lastDayOf, onDayOf, workingDayFrom } from './days.ts';
import { type Entry, type Ledger, netOf, remember, toRows } from './ledger.ts';
import { purchasesBookedIn, purchasesPendingAt, type Shopper } from './purchases.ts';
import { mix } from './random.ts';

export type Statement = { balanceMinor: number; day: number; dueMinor: number; dueDay: number };

export type CardLedger = {
  ledger: Ledger;
  /** The direct debit by which a current account pays the card. */
  otherSide(month: number): Entry[];
  statementAt(month: number, today: number): Statement;
};

type CardLedgerOptions = { seed: number; name: string; shopper: Shopper };

/** A statement at each month's end, paid in full about the 20th of the next. */
export function makeCardLedger(options: CardLedgerOptions): CardLedger {
  const { shopper } = options;
  const spending = new Map<number, { entries: Entry[]; net: number }>();
  const spendingIn = (month: number) => {
    let found = spending.get(month);
    if (found === undefined) {
      const entries = [...purchasesBookedIn(shopper, month), ...chargesIn(options, month)];
      found = { entries, net: netOf(entries) };
      if (spending.size > 8) spending.clear();
      spending.set(month, found);
    }
    return found;
  };
  const openingOf = (month: number) => spendingIn(month - 1).net;
  return {
    ledger: remember({
      openingOf,
      rowsOf(month) {
        const paid = repayment(options, month, -openingOf(month));
        return toRows(openingOf(month), [...spendingIn(month).entries, ...paid.here]);
      },
      pendingAt: (nowMs) => purchasesPendingAt(shopper, nowMs),
    }),
    otherSide: (month) => repayment(options, month, -openingOf(month)).there,
    statementAt(month, today) {
      const dueDay = dueDayOf(month);
      const balanceMinor = openingOf(month);
      const isPaid = today >= dueDay;
      const least = Math.min(balanceMinor, Math.max(500, Math.round(balanceMinor * 0.025)));
      return { balanceMinor, day: lastDayOf(month - 1), dueMinor: isPaid ? 0 : Math.max(0, least), dueDay };
    },
  };
}

const dueDayOf = (month: number) => workingDayFrom(onDayOf(month, 20));

function repayment({ seed, name }: CardLedgerOptions, month: number, amountMinor: number) {
  if (amountMinor === 0) return { here: [], there: [] };
  const isPayment = amountMinor < 0;
  const common = {
    day: dueDayOf(month),
    second: 120,
    amountMinor,
    classification: [],
    merchant: null,
    reference: `${seed % 1_0000_0000}`,
  };
  const here: Entry = {
    ...common,
    description: isPayment ? 'PAYMENT RECEIVED - THANK YOU' : 'CREDIT BALANCE REFUND',
    category: isPayment ? 'BILL_PAYMENT' : 'CORRECTION',
    bankCode: 'PMT',
    key: mix(seed, month, 101),
  };
  const there: Entry = {
    ...common,
    description: name.toUpperCase(),
    category: 'DIRECT_DEBIT',
    bankCode: 'DD',
    key: mix(seed, month, 103),
  };
  return { here: [here], there: [there] };
}

/** Now and then somebody pays late. */
function chargesIn({ seed }: CardLedgerOptions, month: number): Entry[] {
  if (mix(seed, month, 107) % 14 !== 0) return [];
  const common = { second: 300, classification: [], merchant: null, reference: null };
  return [
    {
      ...common,
      day: onDayOf(month, 26),
      amountMinor: 1200,
      description: 'LATE PAYMENT FEE',
      category: 'FEE_CHARGE',
      bankCode: 'FEE',
      key: mix(seed, month, 109),
    },
    {
      ...common,
      day: lastDayOf(month),
      amountMinor: 320 + (mix(seed, month, 113) % 900),
      description: 'INTEREST ON PURCHASES',
      category: 'INTEREST',
      bankCode: 'INT',
      key: mix(seed, month, 127),
    },
  ];
}
