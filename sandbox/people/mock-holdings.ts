import type { Statement } from '#sandbox/ledger/card-ledger';
import { DAY_MS, dayOf, firstDayOf, monthOf, onDayOf } from '#sandbox/ledger/days';
import { makeMockLedger } from '#sandbox/ledger/mock-ledger';
import { seedOf } from '#sandbox/ledger/random';
import type { Account, Card, Holdings, HoldingsOptions } from './person.ts';

const names = [
  ['TRANSACTION ACCOUNT 1', 'TRANSACTION'],
  ['SAVINGS ACCOUNT 1', 'SAVINGS'],
  ['TRANSACTION ACCOUNT 2', 'TRANSACTION'],
  ['SAVINGS ACCOUNT 2', 'SAVINGS'],
  ['TRANSACTION ACCOUNT 3', 'TRANSACTION'],
] as const;

/** As recorded from TrueLayer's sandbox: five accounts that share an IBAN, and two cards. */
export function makeMockHoldings({ seed, username }: HoldingsOptions): Holdings {
  const suffix = Number(/^john(\d+)$/.exec(username)?.[1] ?? '0');
  return {
    accounts: names.map(([displayName, type], index) => makeAccount(seed, index + 1, displayName, type, suffix)),
    cards: [makeCard(seed, 1, 'MASTERCARD'), makeCard(seed, 2, 'VISA')],
  };
}

function makeAccount(
  personSeed: number,
  place: number,
  displayName: string,
  type: Account['type'],
  suffix: number,
): Account {
  const seed = seedOf(personSeed, 'account', place);
  return {
    key: `account-${place}`,
    seed,
    type,
    displayName,
    currency: 'GBP',
    numbers: {
      number: String(place * 10_000_000 + suffix),
      sortCode: '01-21-31',
      iban: 'GB08CLRB04066800003435',
      bic: 'CPBKGB00',
    },
    overdraftMinor: place * 10_000,
    ledger: makeMockLedger(seed, place * 2900, true),
    regulars: [],
    collections: [],
  };
}

function makeCard(personSeed: number, place: number, network: string): Card {
  const seed = seedOf(personSeed, 'card', place);
  return {
    key: `card-${place}`,
    seed,
    network,
    type: 'CREDIT',
    displayName: `CREDIT CARD ${place}`,
    currency: 'GBP',
    partialNumber: String(place * 1000),
    nameOnCard: 'John Doe ',
    valid: null,
    limitMinor: place * 12_000,
    ledger: makeMockLedger(seed, 1000 + place * 2900, false),
    isSupplementary: false,
    statementAt: (nowMs) => statementOf(place, dayOf(nowMs)),
  };
}

function statementOf(place: number, today: number): Statement {
  const thisMonth = monthOf(today);
  const month = today * DAY_MS >= onDayOf(thisMonth, 6) * DAY_MS ? thisMonth : thisMonth - 1;
  return { balanceMinor: place * 700, day: onDayOf(month, 6), dueMinor: place * 800, dueDay: firstDayOf(month + 1) };
}
