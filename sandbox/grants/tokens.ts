import { randomUUID } from 'node:crypto';
import { noteIssued } from '#sandbox/control/issued';
import { DAY_MS } from '#sandbox/ledger/days';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { isExpired } from './connections.ts';
import { hashOf } from './secrets.ts';

export type TokenAnswer = {
  access_token: string;
  expires_in: number;
  token_type: 'Bearer';
  refresh_token?: string;
  scope?: string;
};

/** A refresh token is made from the connection's own secret, so that the one in use can be given out again. */
export async function issueTokens(
  world: World,
  connection: Connection,
  { isRefresh }: { isRefresh: boolean },
): Promise<TokenAnswer> {
  const { access_token_seconds, rotation, bare_refresh_answer } = world.switches.current();
  const accessTokenId = randomUUID().replaceAll('-', '').toUpperCase();
  const isOffline = connection.scopes.includes('offline_access');
  const isNew = isOffline && (rotation || connection.refreshSerial === 0);
  const issued = { ...connection, accessTokenId, refreshSerial: connection.refreshSerial + (isNew ? 1 : 0) };
  world.store.connections.put(connection.credentialsId, issued);
  if (isOffline) rememberRefreshToken(world, connection, issued);
  const access_token = await signAccessToken(world, issued, accessTokenId, access_token_seconds);
  noteIssued(world, 'access_token', access_token);
  if (isOffline) noteIssued(world, 'refresh_token', refreshTokenOf(issued));
  const isBare = isRefresh && bare_refresh_answer && !isNew;
  return {
    access_token,
    expires_in: access_token_seconds,
    token_type: 'Bearer',
    ...(isOffline && !isBare ? { refresh_token: refreshTokenOf(issued) } : {}),
    ...(isBare ? {} : { scope: connection.scopes.join(' ') }),
  };
}

/** The connection that a refresh token still opens; null for one that is spent, lapsed or too old. */
export function findRefreshable(world: World, refreshToken: string): Connection | null {
  const connection = findByRefreshToken(world, refreshToken);
  const used = world.store.refreshTokens.find(hashOf(refreshToken));
  if (connection === null || used === null || connection.ended !== null || isExpired(world, connection)) return null;
  const windowMs = world.switches.current().refresh_window_days * DAY_MS;
  return world.clock.nowMs() - used.usedAt > windowMs ? null : connection;
}

export function findByRefreshToken(world: World, refreshToken: string): Connection | null {
  const found = world.store.refreshTokens.find(hashOf(refreshToken));
  return found === null ? null : world.store.connections.find(found.credentialsId);
}

function refreshTokenOf({ credentialsKey, refreshSerial }: Connection): string {
  return hashOf(`${credentialsKey}/${refreshSerial}`).toUpperCase();
}

function rememberRefreshToken(world: World, before: Connection, issued: Connection): void {
  const { refreshTokens } = world.store;
  if (before.refreshSerial !== issued.refreshSerial) refreshTokens.remove(hashOf(refreshTokenOf(before)));
  const { credentialsId } = issued;
  refreshTokens.put(hashOf(refreshTokenOf(issued)), { credentialsId, usedAt: world.clock.nowMs() });
}

async function signAccessToken(world: World, connection: Connection, jti: string, seconds: number): Promise<string> {
  const iat = Math.floor(world.clock.nowMs() / 1000);
  return world.signer.sign({
    nbf: iat,
    exp: iat + seconds,
    iss: world.origin(),
    aud: 'data_api',
    client_id: connection.clientId,
    sub: connection.credentialsId,
    auth_time: Math.floor(connection.authenticatedAt / 1000),
    idp: 'local',
    jti,
    sid: connection.sessionId,
    iat,
    connector_id: connection.providerId,
    credentials_key: connection.credentialsKey,
    privacy_policy: 'Feb2019',
    consent_id: connection.consentId,
    scope: connection.scopes,
    amr: ['pwd'],
  });
}
