import { type Bank, isBusiness } from '#sandbox/banks/catalogue';
import { makeCardLedger } from '#sandbox/ledger/card-ledger';
import { dayOf, monthOf } from '#sandbox/ledger/days';
import { placesOf, type Region } from '#sandbox/ledger/places';
import type { Shopper } from '#sandbox/ledger/purchases';
import { mix, pickAt, seedOf } from '#sandbox/ledger/random';
import { makeNumbers } from './numbers.ts';
import type { Account, Card } from './person.ts';

export function regionOf(bank: Bank): Region {
  if (bank.country === 'uk' || bank.country === 'ie') return bank.country;
  return 'eu';
}

export function currencyOf(bank: Bank): string {
  const currencies: Record<string, string> = { uk: 'GBP', pl: 'PLN', se: 'SEK' };
  return currencies[bank.country] ?? 'EUR';
}

export function makeShopper(
  bank: Bank,
  seed: number,
  perDay: Shopper['perDay'],
  options: Partial<Shopper> = {},
): Shopper {
  const prints = /monzo|starling|revolut|transferwise|tide|mettle/.test(bank.id) ? 'plain' : 'dated';
  return {
    seed,
    places: placesOf(regionOf(bank), isBusiness(bank)),
    perDay,
    sign: -1,
    wording: prints,
    travels: regionOf(bank) === 'uk',
    ...options,
  };
}

type AccountOptions = Pick<Account, 'key' | 'displayName' | 'ledger'> &
  Partial<Pick<Account, 'type' | 'currency' | 'overdraftMinor' | 'regulars' | 'numbers'>>;

export function makeAccount(bank: Bank, personSeed: number, options: AccountOptions): Account {
  const seed = seedOf(personSeed, options.key);
  const business = isBusiness(bank);
  return {
    seed,
    type: business ? 'BUSINESS_TRANSACTION' : 'TRANSACTION',
    currency: currencyOf(bank),
    numbers: makeNumbers(bank, seed),
    overdraftMinor: 0,
    regulars: [],
    collections: [],
    ...options,
  };
}

type CardOptions = {
  key: string;
  fullName: string;
  displayName: string;
  perDay: Shopper['perDay'];
  isSupplementary?: boolean;
};

export type MadeCard = { card: Card; otherSide: ReturnType<typeof makeCardLedger>['otherSide'] };

export function makeCard(bank: Bank, personSeed: number, options: CardOptions): MadeCard {
  const seed = seedOf(personSeed, options.key);
  const shopper = makeShopper(bank, seed, options.perDay, { sign: 1, travels: false });
  const made = makeCardLedger({ seed, name: `${bank.name} card`, shopper });
  const isAmex = bank.id === 'ob-amex';
  const year = 2024 + (seed % 2);
  const card: Card = {
    key: options.key,
    seed,
    network: isAmex ? 'AMEX' : pickAt(['VISA', 'MASTERCARD'], seed),
    type: isAmex ? 'CHARGE' : 'CREDIT',
    displayName: options.displayName,
    currency: currencyOf(bank),
    partialNumber: String(1000 + (mix(seed, 191) % 9000)),
    nameOnCard: options.fullName.toUpperCase(),
    valid: { from: `${year}-0${1 + (seed % 9)}`, to: `${year + 4}-0${1 + (seed % 9)}` },
    limitMinor: (30 + (mix(seed, 193) % 60)) * 10_000,
    ledger: made.ledger,
    isSupplementary: options.isSupplementary ?? false,
    statementAt: (nowMs) => made.statementAt(monthOf(dayOf(nowMs)), dayOf(nowMs)),
  };
  return { card, otherSide: made.otherSide };
}
