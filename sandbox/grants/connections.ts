import { randomBytes } from 'node:crypto';
import { findBank } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import { DAY_MS } from '#sandbox/ledger/days';
import { type Person, personAt } from '#sandbox/people/person';
import type { Code, Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { newCredentialsId, newSessionId } from './secrets.ts';

/** How long after the end of a consent it can still be renewed. */
export const RENEWABLE_MS = 90 * DAY_MS;

export function consentMs(world: World, providerId: string): number {
  const bank = findBank(world, providerId) ?? { id: providerId, country: 'uk' };
  return traitsOf(world, bank).consent_days * DAY_MS;
}

/** Turns a code into a connection: the one it renews, or a new one. */
export function connectFromCode(world: World, code: Code): Connection {
  const renewed = code.credentialsId === null ? null : world.store.connections.find(code.credentialsId);
  const isSame = renewed?.username === code.username && renewed.ended?.by !== 'client';
  const connection =
    renewed !== null && isSame && world.switches.current().reauth_identity === 'as_signed_in'
      ? renewConnection(world, renewed, code)
      : newConnection(world, code);
  world.store.connections.put(connection.credentialsId, connection);
  return connection;
}

function newConnection(world: World, code: Code): Connection {
  const now = world.clock.nowMs();
  return {
    credentialsId: newCredentialsId(),
    clientId: code.clientId,
    providerId: code.providerId,
    branch: code.branch,
    username: code.username,
    variant: code.variant,
    scopes: code.scopes,
    accountKeys: code.accountKeys,
    generation: signInsBefore(world, code),
    consentId: code.consentId,
    consentCreatedAt: code.authenticatedAt,
    consentExpiresAt: code.authenticatedAt + consentMs(world, code.providerId),
    staleExpiry: null,
    statusUpdatedAt: now,
    authenticatedAt: code.authenticatedAt,
    sessionId: newSessionId(),
    credentialsKey: randomBytes(32).toString('hex'),
    accessTokenId: null,
    refreshSerial: 0,
    ended: null,
  };
}

function signInsBefore(world: World, { providerId, username }: Code): number {
  return world.store.connections.list().filter((each) => each.providerId === providerId && each.username === username)
    .length;
}

function renewConnection(world: World, connection: Connection, code: Code): Connection {
  return {
    ...connection,
    variant: code.variant,
    accountKeys: code.accountKeys,
    generation: connection.generation + 1,
    consentExpiresAt: code.authenticatedAt + consentMs(world, connection.providerId),
    staleExpiry: staleExpiryOf(world, connection),
    statusUpdatedAt: world.clock.nowMs(),
    authenticatedAt: code.authenticatedAt,
    sessionId: newSessionId(),
    ended: connection.ended?.by === 'bank' ? null : connection.ended,
  };
}

/** For so long after a renewal `/me` goes on telling the old end. */
function staleExpiryOf(world: World, connection: Connection): Connection['staleExpiry'] {
  const { extend_shows_after_ms } = world.switches.current();
  if (extend_shows_after_ms === 0) return null;
  return { expiresAt: connection.consentExpiresAt, until: world.clock.nowMs() + extend_shows_after_ms };
}

export function extendConnection(world: World, connection: Connection): Connection {
  const now = world.clock.nowMs();
  const extended: Connection = {
    ...connection,
    consentExpiresAt: now + consentMs(world, connection.providerId),
    staleExpiry: staleExpiryOf(world, connection),
    statusUpdatedAt: now,
  };
  world.store.connections.put(extended.credentialsId, extended);
  return extended;
}

export function endConnection(world: World, connection: Connection, by: 'client' | 'bank'): void {
  const at = world.clock.nowMs();
  world.store.connections.put(connection.credentialsId, { ...connection, ended: { by, at }, statusUpdatedAt: at });
}

export function personOf(world: World, connection: Connection): Person {
  const bank = findBank(world, connection.providerId);
  if (bank === null) throw new Error(`The bank ${connection.providerId} is no longer listed`);
  return personAt(bank, connection.username, world.config.seed);
}

export const isExpired = (world: World, connection: Connection) => world.clock.nowMs() >= connection.consentExpiresAt;

export const isRenewable = (world: World, connection: Connection) =>
  connection.ended === null && world.clock.nowMs() < connection.consentExpiresAt + RENEWABLE_MS;
