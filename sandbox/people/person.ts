import { type Bank, hasAccounts, hasCards } from '#sandbox/banks/catalogue';
import type { Statement } from '#sandbox/ledger/card-ledger';
import type { Entry, Ledger } from '#sandbox/ledger/ledger';
import { pickAt, seedOf } from '#sandbox/ledger/random';
import type { Regular } from '#sandbox/ledger/regulars';
import {
  makeBusyAccounts,
  makeDecadeHoldings,
  makeEmptyHoldings,
  makeMillionHoldings,
  makeQuietAccounts,
} from './characters.ts';
import { type Character, characterOf } from './logins.ts';
import { makeMockHoldings } from './mock-holdings.ts';
import { makeOrdinaryHoldings } from './ordinary-holdings.ts';
import { makeTrapHoldings } from './trap-holdings.ts';

export type Account = {
  /** Names the account within its person and bank; the ids that clients see are made from it. */
  key: string;
  seed: number;
  type: 'TRANSACTION' | 'SAVINGS' | 'BUSINESS_TRANSACTION' | 'BUSINESS_SAVINGS';
  displayName: string;
  currency: string;
  numbers: { number: string; sortCode: string | null; iban: string; bic: string };
  overdraftMinor: number;
  ledger: Ledger;
  regulars: readonly Regular[];
  /** What a card of the same bank collects each month. */
  collections: readonly Collection[];
};

export type Collection = { seed: number; name: string; entriesIn(month: number): readonly Entry[] };

export type Card = {
  key: string;
  seed: number;
  network: string;
  type: 'CREDIT' | 'CHARGE';
  displayName: string;
  currency: string;
  partialNumber: string;
  nameOnCard: string;
  valid: { from: string; to: string } | null;
  limitMinor: number;
  ledger: Ledger;
  /** Somebody else's account: listed, but its balance is refused for good. */
  isSupplementary: boolean;
  statementAt(nowMs: number): Statement | null;
};

export type Holdings = { accounts: Account[]; cards: Card[] };

export type Person = Holdings & {
  bank: Bank;
  username: string;
  character: Character;
  fullName: string;
  seed: number;
};

const REMEMBERED_PEOPLE = 60;
const people = new Map<string, Person>();

/** The same person at the same bank is always the same, whoever asks and whenever. */
export function personAt(bank: Bank, username: string, seedText: string): Person {
  const id = `${seedText}\n${bank.id}\n${username}`;
  const known = people.get(id);
  if (known !== undefined) {
    people.delete(id);
    people.set(id, known);
    return known;
  }
  const person = makePerson(bank, username, seedOf(seedText, bank.id, username), seedText);
  if (people.size >= REMEMBERED_PEOPLE) people.delete(people.keys().next().value ?? id);
  people.set(id, person);
  return person;
}

function makePerson(bank: Bank, username: string, seed: number, seedText: string): Person {
  const character = characterOf(username);
  const fullName = fullNameOf(username, seedOf(seedText, username));
  const made = makeHoldings(character, { bank, seed, fullName, username });
  const holdings = {
    accounts: hasAccounts(bank) ? made.accounts : [],
    cards: hasCards(bank) ? made.cards : [],
  };
  return { bank, username, character, fullName, seed, ...holdings };
}

export type HoldingsOptions = { bank: Bank; seed: number; fullName: string; username: string };

function makeHoldings(character: Character, options: HoldingsOptions): Holdings {
  switch (character) {
    case 'nothing':
      return { accounts: [], cards: [] };
    case 'decade':
      return makeDecadeHoldings(options);
    case 'million':
      return makeMillionHoldings(options);
    case 'busy':
      return makeBusyAccounts(options);
    case 'quiet':
      return makeQuietAccounts(options);
    case 'trap':
      return makeTrapHoldings(options);
    case 'empty':
      return makeEmptyHoldings(options);
    case 'ordinary':
    case 'failing':
      return options.bank.id === 'mock' ? makeMockHoldings(options) : makeOrdinaryHoldings(options);
  }
}

const surnames = [
  'Abara',
  'Bell',
  'Chowdhury',
  'Dunne',
  'Eastwood',
  'Farrell',
  'Greene',
  'Haddad',
  'Ibrahim',
  'Jansen',
  'Kaur',
  'Lowe',
  'Mensah',
  'Novak',
  "O'Neill",
  'Patel',
  'Quinn',
  'Reyes',
  'Shah',
  'Turner',
  'Umar',
  'Vaughan',
  'Walsh',
];
const ownNames: Partial<Record<Character, string>> = {
  decade: 'Deborah Cadence',
  busy: 'Beatrice Yusuf',
  quiet: 'Quentin Etherington',
  million: 'Milo Lyon',
  trap: 'Tristan Rapp',
  empty: 'Emily Tiller',
  nothing: 'Noah Thing',
};

function fullNameOf(username: string, seed: number): string {
  const own = ownNames[characterOf(username)];
  if (own !== undefined) return own;
  return /^john\d+$/.test(username) ? `John ${pickAt(surnames, seed)}` : 'John Doe';
}
