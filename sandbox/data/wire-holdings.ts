import { logoUrlOf } from '#sandbox/auth/providers';
import { dayText } from '#sandbox/ledger/days';
import { balanceAt, netOf } from '#sandbox/ledger/ledger';
import { mix } from '#sandbox/ledger/random';
import { toIban } from '#sandbox/people/numbers';
import type { Account, Card } from '#sandbox/people/person';
import type { World } from '#sandbox/world';
import { accountIdOf, listShared, type Reached } from './call.ts';

export const toMajor = (minor: number) => minor / 100;

/** Seven decimals, as TrueLayer writes the moment at which it asked. */
export function toUpdateTimestamp(ms: number): string {
  const rest = String(mix(Math.floor(ms / 1000), ms % 1000) % 10_000).padStart(4, '0');
  return new Date(ms).toISOString().replace('Z', `${rest}Z`);
}

export function toListed(world: World, reached: Reached, of: 'accounts' | 'cards') {
  const { accounts, cards } = listShared(reached.call.connection, reached.person);
  return of === 'accounts'
    ? accounts.map((account) => toAccount(world, reached, account))
    : cards.map((card) => toCard(world, reached, card));
}

export function toAccount(world: World, reached: Reached, account: Account) {
  const { call, traits, asOfMs } = reached;
  const { number, sortCode, bic } = account.numbers;
  return {
    update_timestamp: toUpdateTimestamp(asOfMs),
    account_id: accountIdOf(call.connection, account, traits),
    account_type: account.type,
    display_name: account.displayName,
    currency: account.currency,
    account_number: {
      number,
      ...(sortCode === null ? {} : { sort_code: sortCode }),
      iban: ibanOf(reached, account),
      swift_bic: bic,
    },
    provider: toProvider(world, reached),
  };
}

export function toCard(world: World, reached: Reached, card: Card) {
  const { call, traits, asOfMs } = reached;
  return {
    account_id: accountIdOf(call.connection, card, traits),
    card_network: card.network,
    card_type: card.type,
    currency: card.currency,
    display_name: card.displayName,
    partial_card_number: card.partialNumber,
    name_on_card: card.nameOnCard,
    ...(card.valid === null ? {} : { valid_from: card.valid.from, valid_to: card.valid.to }),
    update_timestamp: toUpdateTimestamp(asOfMs),
    provider: toProvider(world, reached),
  };
}

export function toAccountBalance({ asOfMs }: Reached, account: Account) {
  const booked = balanceAt(account.ledger, asOfMs);
  const held = netOf(account.ledger.pendingAt(asOfMs));
  return {
    currency: account.currency,
    current: toMajor(booked),
    available: toMajor(booked + held + account.overdraftMinor),
    ...(account.overdraftMinor > 0 ? { overdraft: toMajor(account.overdraftMinor) } : {}),
    update_timestamp: toUpdateTimestamp(asOfMs),
  };
}

export function toCardBalance({ asOfMs, traits, person }: Reached, card: Card) {
  const sign = traits.card_signs === 'inverted' ? -1 : 1;
  const owed = balanceAt(card.ledger, asOfMs);
  const held = netOf(card.ledger.pendingAt(asOfMs));
  const statement = card.statementAt(asOfMs);
  const hasDue = person.bank.id !== 'ob-amex';
  const toDate = (day: number) => (person.bank.id === 'mock' ? `${dayText(day)}T00:00:00Z` : dayText(day));
  const due = statement && { payment_due: toMajor(statement.dueMinor), payment_due_date: toDate(statement.dueDay) };
  return {
    currency: card.currency,
    current: toMajor(sign * owed),
    // A bank that turns the sign round subtracts the limit from itself, too.
    available: toMajor(sign * (card.limitMinor - owed - held)),
    credit_limit: toMajor(card.limitMinor),
    ...(statement === null
      ? {}
      : { last_statement_balance: toMajor(statement.balanceMinor), last_statement_date: toDate(statement.day) }),
    ...(hasDue && due),
    update_timestamp: toUpdateTimestamp(asOfMs),
  };
}

function toProvider(world: World, { person }: Reached) {
  const { id, name, country } = person.bank;
  // Some banks shout here, and only here.
  const display_name = id === 'ob-revolut-ie' ? `${name}-${country}`.toUpperCase() : name;
  return { provider_id: id, display_name, logo_uri: logoUrlOf(world, id) };
}

/** The mock bank shares one IBAN among its accounts, unless the person signed in for distinct ones. */
function ibanOf({ call, person }: Reached, account: Account): string {
  const { numbers } = account;
  if (person.bank.id !== 'mock' || call.connection.variant !== 'iban') return numbers.iban;
  return toIban('GB', `CLRB${(numbers.sortCode ?? '').replaceAll('-', '')}${numbers.number}`);
}
