import { lastDayOf } from './days.ts';
import { type Entry, netOf, remember, toRows } from './ledger.ts';
import { purchasesBookedIn, purchasesPendingAt, type Shopper } from './purchases.ts';
import { mix } from './random.ts';
import type { PairedLedger } from './savings-ledger.ts';

type ForeignLedgerOptions = {
  seed: number;
  currency: string;
  homeCurrency: string;
  /** How many units of it one unit at home buys. */
  rate: number;
  floorMinor: number;
  shopper: Shopper;
};

/** Money kept in another currency, topped up from the account at home. */
export function makeForeignLedger(options: ForeignLedgerOptions): PairedLedger {
  const { seed, floorMinor, shopper } = options;
  const openingOf = (month: number) => floorMinor + (mix(seed, month, 83) % floorMinor);
  const bookOf = (month: number) => {
    const purchases = purchasesBookedIn(shopper, month);
    const exchanged = openingOf(month + 1) - openingOf(month) - netOf(purchases);
    return { purchases, exchanged };
  };
  return {
    ledger: remember({
      openingOf,
      rowsOf(month) {
        const { purchases, exchanged } = bookOf(month);
        return toRows(openingOf(month), [...purchases, exchangeEntry(options, month, exchanged, 'here')]);
      },
      pendingAt: (nowMs) => purchasesPendingAt(shopper, nowMs),
    }),
    otherSide(month) {
      const { exchanged } = bookOf(month);
      return [exchangeEntry(options, month, -Math.round(exchanged / options.rate), 'there')];
    },
  };
}

function exchangeEntry(
  { seed, currency, homeCurrency }: ForeignLedgerOptions,
  month: number,
  amountMinor: number,
  side: 'here' | 'there',
): Entry {
  return {
    day: lastDayOf(month) - 3,
    second: 25_200,
    amountMinor,
    description: (side === 'here') === amountMinor > 0 ? `EXCHANGED TO ${currency}` : `EXCHANGED TO ${homeCurrency}`,
    category: 'TRANSFER',
    bankCode: 'EXC',
    classification: [],
    merchant: null,
    reference: null,
    key: mix(seed, month, side === 'here' ? 89 : 97),
  };
}
