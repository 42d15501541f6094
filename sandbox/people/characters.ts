import { hasAccounts, hasCards } from '#sandbox/banks/catalogue';
import { makeDecadeLedger } from '#sandbox/ledger/decade-ledger';
import { makeHousehold } from '#sandbox/ledger/household';
import type { Ledger } from '#sandbox/ledger/ledger';
import { placesOf } from '#sandbox/ledger/places';
import { randomFrom, seedOf } from '#sandbox/ledger/random';
import { makeSavingsLedger } from '#sandbox/ledger/savings-ledger';
import { averagePrice } from '#sandbox/ledger/till';
import { makeAccount, makeCard, regionOf } from './account-parts.ts';
import { makeMain } from './ordinary-holdings.ts';
import type { Holdings, HoldingsOptions } from './person.ts';

/** Ten years of somebody who pays for everything by card. */
export function makeDecadeHoldings({ bank, seed, fullName }: HoldingsOptions): Holdings {
  const own = seedOf(seed, 'decade');
  const region = regionOf(bank);
  const places = placesOf(region, false);
  const isCard = !hasAccounts(bank);
  const monthlySpendMinor = (averagePrice(places) / 2) * 13 * 30.4;
  const regulars = isCard ? [] : makeHousehold({ seed: own, region, random: randomFrom(own), monthlySpendMinor });
  const ledger = makeDecadeLedger({ seed: own, floorMinor: 620_000, sign: isCard ? 1 : -1, regulars, places });
  if (!isCard) {
    const options = { key: 'current-1', displayName: 'Everyday Account', ledger, regulars, overdraftMinor: 150_000 };
    return { accounts: [makeAccount(bank, seed, options)], cards: [] };
  }
  const { card } = makeCard(bank, seed, { key: 'card-1', fullName, displayName: 'Credit Card', perDay: [0, 0] });
  return { accounts: [], cards: [{ ...card, ledger, limitMinor: 1_500_000, statementAt: () => null }] };
}

const MILLION_ACCOUNTS = 20;

/** A million rows, for measurements: the same ten years in each of twenty accounts, under ids of their own. */
export function makeMillionHoldings(options: HoldingsOptions): Holdings {
  const [first] = makeDecadeHoldings(options).accounts;
  if (first === undefined) return { accounts: [], cards: [] };
  const { ledger, regulars } = first;
  const accounts = Array.from({ length: MILLION_ACCOUNTS }, (_, index) => {
    const [key, displayName] = [`current-${index + 1}`, `Everyday Account ${index + 1}`];
    return makeAccount(options.bank, options.seed, { key, displayName, ledger, regulars });
  });
  return { accounts, cards: [] };
}

/** Five accounts (or cards, where a bank has no accounts) of equal size, for measurements. */
export function makeBusyAccounts(options: HoldingsOptions): Holdings {
  const { bank, seed, fullName } = options;
  const numbers = [1, 2, 3, 4, 5];
  if (!hasAccounts(bank)) {
    const cards = numbers.map((number) => {
      return makeCard(bank, seed, { key: `card-${number}`, fullName, displayName: `Card ${number}`, perDay: [1, 3] });
    });
    return { accounts: [], cards: cards.map(({ card }) => card) };
  }
  const accounts = numbers.map((number) => {
    const random = randomFrom(seedOf(seed, number));
    return makeMain(options, random, [], { key: `current-${number}`, displayName: `Current Account ${number}` });
  });
  return { accounts, cards: [] };
}

/** Five accounts with years of history and two or three transactions a month: whatever the subject is, rows aren't it. */
export function makeQuietAccounts({ bank, seed }: HoldingsOptions): Holdings {
  const accounts = [1, 2, 3, 4, 5].map((number) => {
    const key = `current-${number}`;
    const displayName = `Current Account ${number}`;
    const { ledger } = makeSavingsLedger({
      seed: seedOf(seed, key, 'book'),
      startMinor: 40_000,
      monthlyMinor: 9_000,
      rate: 2,
      nameHere: displayName.toUpperCase(),
      nameThere: 'CURRENT ACCOUNT',
    });
    return makeAccount(bank, seed, { key, displayName, ledger });
  });
  return { accounts, cards: [] };
}

export function makeEmptyHoldings({ bank, seed, fullName }: HoldingsOptions): Holdings {
  const accounts = [
    makeAccount(bank, seed, { key: 'current-1', displayName: 'New Account', ledger: emptyLedger }),
    makeAccount(bank, seed, { key: 'savings-1', displayName: 'New Saver', type: 'SAVINGS', ledger: emptyLedger }),
  ];
  if (!hasCards(bank)) return { accounts, cards: [] };
  const { card } = makeCard(bank, seed, { key: 'card-1', fullName, displayName: 'New Card', perDay: [0, 0] });
  return { accounts, cards: [{ ...card, ledger: emptyLedger, statementAt: () => null }] };
}

const emptyLedger: Ledger = { openingOf: () => 0, rowsOf: () => [], pendingAt: () => [] };
