import { type BankTraits, traitsOf } from '#sandbox/banks/traits';
import { isExpired, personOf } from '#sandbox/grants/connections';
import { dayOf } from '#sandbox/ledger/days';
import { DECADE_DAYS } from '#sandbox/ledger/decade-ledger';
import { hexOf } from '#sandbox/ledger/random';
import { findMockError } from '#sandbox/people/logins';
import type { Account, Card, Person } from '#sandbox/people/person';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { countUnattended } from './limits.ts';
import type { Refusal } from './refusals.ts';
import { type Resource, scopesFor } from './resource.ts';
import { UNPROTECTED_DAYS, type Window } from './window.ts';

/** A call that got past the bearer check. */
export type Call = {
  connection: Connection;
  resource: Resource;
  window: Window | null;
  isAttended: boolean;
  /** The path and query, by which equal questions are known. */
  question: string;
};

export type Reached = {
  call: Call;
  person: Person;
  traits: BankTraits;
  asOfMs: number;
  /** Null for lists and identity. */
  holding: Account | Card | null;
  window: Window | null;
};

/** What TrueLayer itself refuses, before any bank is asked. */
export function findEarlyRefusal(world: World, connection: Connection, resource: Resource): Refusal | null {
  if (connection.ended?.by === 'client') return { error: 'unauthorized' };
  if (connection.ended !== null || isExpired(world, connection)) return { error: 'access_denied' };
  const hasScopes = scopesFor(resource).every((scope) => connection.scopes.includes(scope));
  return hasScopes ? null : { error: 'access_denied' };
}

/** Goes to the bank: does it have such a thing, may it be asked again, and is it still open? */
export function reachBank(world: World, call: Call): Reached | Refusal {
  const { connection, resource } = call;
  const person = personOf(world, connection);
  const traits = traitsOf(world, person.bank);
  if (!isSupported(person, resource, traits)) return { error: 'endpoint_not_supported' };
  const holding = findHolding(connection, person, resource, traits);
  if (holding === 'unknown') return { error: 'account_not_found' };
  const question = `${connection.credentialsId} ${call.question}`;
  const answeredAtMs = world.answers.findAnsweredAt(world, question);
  const isCounted = !call.isAttended && (answeredAtMs === null || world.switches.current().cached_calls_count);
  if (isCounted && !countUnattended(world, connection.credentialsId, resource, traits)) {
    return { error: 'provider_request_limit_exceeded' };
  }
  const mockError = findMockError(person.username);
  if (mockError !== null) return { error: mockError };
  const window = narrow(world, call, person, traits);
  if (window !== null && 'error' in window) return window;
  const asOfMs = answeredAtMs ?? world.clock.nowMs();
  if (answeredAtMs === null) world.answers.noteAnswered(question, asOfMs);
  return { call, person, traits, asOfMs, holding, window };
}

/** The same without questions, for a call that was let through when it was asked. */
export function reopen(world: World, call: Call, asOfMs: number): Reached | Refusal {
  const person = personOf(world, call.connection);
  const traits = traitsOf(world, person.bank);
  const holding = findHolding(call.connection, person, call.resource, traits);
  if (holding === 'unknown') return { error: 'account_not_found' };
  return { call, person, traits, asOfMs, holding, window: call.window };
}

export function isRefusal(value: Reached | Refusal): value is Refusal {
  return 'error' in value;
}

export function accountIdOf(connection: Connection, holding: Account | Card, traits: BankTraits): string {
  const length = 'limitMinor' in holding && connection.providerId !== 'mock' ? 40 : 32;
  return hexOf(length, holding.seed, traits.renews_account_ids ? connection.generation : 0);
}

export function listShared(connection: Connection, person: Person) {
  const isShared = ({ key }: { key: string }) => connection.accountKeys.includes(key);
  return { accounts: person.accounts.filter(isShared), cards: person.cards.filter(isShared) };
}

function isSupported({ bank }: Person, resource: Resource, traits: BankTraits): boolean {
  const needed = resource.kind === 'info' ? ['info'] : scopesFor(resource);
  const hasScopes = needed.every((scope) => bank.scopes.includes(scope));
  return hasScopes && (resource.kind !== 'pending' || traits.has_pending);
}

function findHolding(
  connection: Connection,
  person: Person,
  resource: Resource,
  traits: BankTraits,
): Account | Card | null | 'unknown' {
  if (!('accountId' in resource)) return null;
  const shared: (Account | Card)[] = listShared(connection, person)[resource.of];
  return shared.find((each) => accountIdOf(connection, each, traits) === resource.accountId) ?? 'unknown';
}

/** Older rows and protected resources are open only just after a sign-in, and no bank goes back for ever. */
function narrow(world: World, call: Call, person: Person, traits: BankTraits): Window | Refusal | null {
  const { resource, window, connection } = call;
  const now = world.clock.nowMs();
  const minutes = world.switches.current().sca_limit ? traits.sca_minutes : null;
  const isFresh = minutes === null || now - connection.authenticatedAt <= minutes * 60_000;
  const isProtected =
    resource.kind === 'info' ||
    resource.kind === 'direct_debits' ||
    resource.kind === 'standing_orders' ||
    (resource.kind === 'list' && traits.list_needs_recent_login);
  if (isProtected && !isFresh) return { error: 'sca_exceeded' };
  if (window === null || resource.kind !== 'transactions') return window;
  const today = dayOf(now);
  if (window.fromDay < today - UNPROTECTED_DAYS && !isFresh) return refuseDeep(traits);
  return limitDepth(window, today, person, resource.of === 'cards' ? traits.card_days : traits.account_days, traits);
}

function refuseDeep({ deep_refusal }: BankTraits): Refusal {
  switch (deep_refusal) {
    case 'sca_exceeded':
      return { error: 'sca_exceeded' };
    case 'access_denied':
      return { error: 'access_denied', providerDetails: 'Client application error: NO-BODY' };
    case 'empty':
      return { error: 'access_denied', hasEmptyBody: true };
  }
}

function limitDepth(
  window: Window,
  today: number,
  person: Person,
  days: number,
  { too_wide }: BankTraits,
): Window | Refusal {
  const isDecade = person.character === 'decade';
  const earliest = isDecade ? today - DECADE_DAYS + 1 : today - days;
  if (window.fromDay >= earliest) return window;
  if (too_wide === 'refuse' && !isDecade) return { error: 'invalid_date_range' };
  return { fromDay: earliest, toDay: Math.max(earliest - 1, window.toDay) };
}
