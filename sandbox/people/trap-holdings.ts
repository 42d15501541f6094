import { hasAccounts } from '#sandbox/banks/catalogue';
import { randomFrom, seedOf } from '#sandbox/ledger/random';
import { makeCard } from './account-parts.ts';
import { makeMain } from './ordinary-holdings.ts';
import type { Account, Holdings, HoldingsOptions } from './person.ts';

/** Each account is known for one kind of trouble; the data routes look at its key. */
export const trapAccounts = [
  ['shifting', 'Shifting ids  '],
  ['boundless', 'From ignored'],
  ['capped', 'Capped at 100'],
  ['mistyped', 'Mistyped '],
  ['bare', 'Bare'],
] as const;

export function makeTrapHoldings(options: HoldingsOptions): Holdings {
  const { bank, seed, fullName } = options;
  const card = (key: string, displayName: string, isSupplementary: boolean) =>
    makeCard(bank, seed, { key, fullName: `${fullName} `, displayName, perDay: [1, 2], isSupplementary }).card;
  return {
    accounts: hasAccounts(bank) ? trapAccounts.map(([key, name]) => trapAccount(options, key, name)) : [],
    cards: [card('inverted', 'Signs inverted ', false), card('supplementary', 'Supplementary card', true)],
  };
}

/** One IBAN for all of them. */
function trapAccount(options: HoldingsOptions, key: string, displayName: string): Account {
  const account = makeMain(options, randomFrom(seedOf(options.seed, key)), [], { key, displayName });
  return { ...account, numbers: { ...account.numbers, iban: 'GB08CLRB04066800003435' } };
}
