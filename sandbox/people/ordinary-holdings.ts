import { type Bank, hasAccounts, hasCards, isBusiness } from '#sandbox/banks/catalogue';
import { makeBusiness } from '#sandbox/ledger/business';
import { accountFee, makeCurrentLedger, monthlyInterest } from '#sandbox/ledger/current-ledger';
import { makeForeignLedger } from '#sandbox/ledger/foreign-ledger';
import { makeHousehold } from '#sandbox/ledger/household';
import type { Entry } from '#sandbox/ledger/ledger';
import { europeanPlaces } from '#sandbox/ledger/places';
import { mix, pickAt, type Random, randomFrom, seedOf } from '#sandbox/ledger/random';
import { makeSavingsLedger, type PairedLedger } from '#sandbox/ledger/savings-ledger';
import { averagePrice } from '#sandbox/ledger/till';
import { currencyOf, type MadeCard, makeAccount, makeCard, makeShopper, regionOf } from './account-parts.ts';
import type { Account, Holdings, HoldingsOptions } from './person.ts';

type Side = { account: Account; otherSide: PairedLedger['otherSide'] };

/** One to five accounts and perhaps a card, which pay into each other. */
export function makeOrdinaryHoldings(options: HoldingsOptions): Holdings {
  const random = randomFrom(options.seed);
  const cards = makeCards(options, random);
  const savings = makeSavings(options, random);
  if (isBuildingSociety(options.bank)) {
    return { accounts: savings.map(({ account }) => account), cards: cards.map(({ card }) => card) };
  }
  const foreign = makeForeign(options, random);
  const links = [...savings, ...foreign, ...cards].map(({ otherSide }) => otherSide);
  const joint = !isBusiness(options.bank) && random.chance(0.3) ? makeJoint(options) : null;
  if (joint !== null) links.push(joint.otherSide);
  const collections = cards.map(({ card, otherSide }) => ({
    seed: card.seed,
    name: `${options.bank.name} card`,
    entriesIn: otherSide,
  }));
  const sides = [...(joint === null ? [] : [joint]), ...savings, ...foreign];
  return {
    accounts: [{ ...makeMain(options, random, links), collections }, ...sides.map(({ account }) => account)],
    cards: cards.map(({ card }) => card),
  };
}

const isBuildingSociety = (bank: Bank) => bank.id.endsWith('building-society');
const mainNames = ['Everyday Account', 'Classic Account', 'Current Account', 'Select Current Account'];
const savingsNames = ['Easy Access Saver', 'Rainy Day Saver', 'Cash ISA', 'Flexible Saver'];
const cardNames = ['Credit Card', 'Rewards Credit Card', 'Low Rate Credit Card'];

export function makeMain(
  { bank, seed, fullName }: HoldingsOptions,
  random: Random,
  links: readonly ((month: number) => Entry[])[],
  { key = 'current-1', displayName = pickAt(mainNames, seed), travels = true } = {},
): Account {
  const own = seedOf(seed, key, 'book');
  const shopper = makeShopper(bank, own, [1, 3]);
  const monthlySpendMinor = averagePrice(shopper.places) * 2.3 * 30.4;
  const regulars = isBusiness(bank)
    ? makeBusiness({ seed: own, random, monthlySpendMinor })
    : makeHousehold({ seed: own, region: regionOf(bank), random, monthlySpendMinor });
  const income = regulars.reduce((sum, regular) => sum + Math.max(0, regular.amountMinor), 0);
  const hasFee = !isBusiness(bank) && own % 4 === 0;
  const ledger = makeCurrentLedger({
    seed: own,
    floorMinor: Math.round(income * 1.05),
    regulars,
    shopper: { ...shopper, travels: shopper.travels && travels },
    links,
    squaredWith: fullName.toUpperCase(),
    extras: (month) => [
      ...(hasFee ? accountFee(own, 500, month) : []),
      ...(own % 3 === 0 ? monthlyInterest(own, 40 + (mix(own, month) % 210), month) : []),
    ],
  });
  const overdraftMinor = (own % 4) * 50_000;
  return makeAccount(bank, seed, { key, displayName, ledger, regulars, overdraftMinor });
}

function makeSavings({ bank, seed, username }: HoldingsOptions, random: Random): Side[] {
  const isCertain = username === 'john' || isBuildingSociety(bank);
  const count = (isCertain || random.chance(0.7) ? 1 : 0) + (random.chance(0.25) ? 1 : 0);
  if (bank.id.startsWith('ob-transferwise')) return [];
  return Array.from({ length: count }, (_, index) => {
    const key = `savings-${index + 1}`;
    const displayName = pickAt(savingsNames, mix(seed, index) % 97);
    const made = makeSavingsLedger({
      seed: seedOf(seed, key, 'book'),
      startMinor: random.int(20, 90) * 1000,
      monthlyMinor: random.int(5, 22) * 1000,
      rate: 1 + random.unit() * 3.5,
      nameHere: displayName.toUpperCase(),
      nameThere: 'CURRENT ACCOUNT',
    });
    const type = isBusiness(bank) ? 'BUSINESS_SAVINGS' : 'SAVINGS';
    return {
      account: makeAccount(bank, seed, { key, displayName, type, ledger: made.ledger }),
      otherSide: made.otherSide,
    };
  });
}

function makeForeign({ bank, seed }: HoldingsOptions, random: Random): Side[] {
  const isWise = bank.id.startsWith('ob-transferwise');
  const isTravelBank = /revolut|starling|monzo/.test(bank.id);
  const home = currencyOf(bank);
  const currencies = isWise ? ['EUR', 'USD', 'GBP'] : random.chance(isTravelBank ? 0.7 : 0.12) ? ['EUR', 'USD'] : [];
  const rates: Record<string, number> = { EUR: 1.16, USD: 1.29, GBP: 1 };
  const abroad = currencies.filter((currency) => currency !== home).slice(0, isWise ? 2 : 1);
  return abroad.map((currency) => {
    const key = `${currency.toLowerCase()}-1`;
    const own = seedOf(seed, key, 'book');
    const shopper = makeShopper(bank, own, [0, 0], { places: europeanPlaces, travels: false, wording: 'plain' });
    const rate = (rates[currency] ?? 1) / (rates[home] ?? 1.16);
    const made = makeForeignLedger({ seed: own, currency, homeCurrency: home, rate, floorMinor: 40_000, shopper });
    return {
      account: makeAccount(bank, seed, { key, displayName: `${currency} Account`, currency, ledger: made.ledger }),
      otherSide: made.otherSide,
    };
  });
}

/** The household's account: a fixed sum comes over on the 2nd, and the partner makes up the rest. */
function makeJoint({ bank, seed }: HoldingsOptions): Side {
  const own = seedOf(seed, 'joint', 'book');
  const amountMinor = (60 + (own % 40)) * 1000;
  const ledger = makeCurrentLedger({
    seed: own,
    floorMinor: 80_000,
    regulars: [],
    shopper: makeShopper(bank, own, [1, 1], { travels: false }),
    links: [(month) => [ownTransfer(own, month, amountMinor, 'CURRENT ACCOUNT')]],
    squaredWith: 'S DOE',
  });
  return {
    account: makeAccount(bank, seed, { key: 'joint-1', displayName: 'Joint Account', ledger, overdraftMinor: 50_000 }),
    otherSide: (month) => [ownTransfer(own, month, -amountMinor, 'JOINT ACCOUNT')],
  };
}

function ownTransfer(seed: number, month: number, amountMinor: number, other: string): Entry {
  const day = Date.UTC(Math.floor(month / 12), month % 12, 2) / 86_400_000;
  return {
    day,
    second: 400,
    amountMinor,
    description: amountMinor > 0 ? `TRANSFER FROM ${other}` : `TRANSFER TO ${other}`,
    category: 'TRANSFER',
    bankCode: 'TFR',
    classification: [],
    merchant: null,
    reference: 'HOUSEHOLD',
    key: mix(seed, month, amountMinor > 0 ? 197 : 199),
  };
}

function makeCards(options: HoldingsOptions, random: Random): MadeCard[] {
  const { bank, seed, username, fullName } = options;
  if (!hasCards(bank)) return [];
  const isIssuer = !hasAccounts(bank);
  if (!isIssuer && username !== 'john' && !random.chance(0.6)) return [];
  const displayName = bank.id === 'ob-monzo' ? 'Flex' : pickAt(cardNames, seed);
  const first = makeCard(bank, seed, { key: 'card-1', fullName, displayName, perDay: isIssuer ? [1, 2] : [0, 1] });
  if (bank.id !== 'ob-amex') return [first];
  const supplementary = { key: 'card-2', fullName: 'S Doe', displayName: 'Supplementary Card', isSupplementary: true };
  return [first, makeCard(bank, seed, { ...supplementary, perDay: [0, 1] })];
}
