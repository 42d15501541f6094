import { type Context, Hono } from 'hono';
import { noteIssued } from '#sandbox/control/issued';
import { connectFromCode } from '#sandbox/grants/connections';
import { challengeOf, hashOf, isSameText } from '#sandbox/grants/secrets';
import { findRefreshable, issueTokens } from '#sandbox/grants/tokens';
import { trackEvent } from '#sandbox/grants/tracking';
import type { Code } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { readFields, sendAuthError } from './answers.ts';
import { isKnownClient } from './asked.ts';

const CODE_LIFE_MS = 5 * 60_000;

/** The fields of each grant; the schema forbids any other. */
const fieldsOf = {
  authorization_code: ['code', 'redirect_uri', 'code_verifier'],
  refresh_token: ['refresh_token'],
  client_credentials: ['scope'],
} as const;

export function tokenRoutes(world: World): Hono {
  const app = new Hono();
  app.post('/connect/token', async (c) => {
    const fields = await readFields(c);
    if (fields === null) return sendAuthError(c, 400, 'invalid_request');
    const { client_id, client_secret, grant_type } = fields;
    if (!isGrantType(grant_type)) return sendAuthError(c, 400, 'invalid_request', 'Invalid grant_type');
    const unknown = findUnknownField(grant_type, fields);
    if (unknown !== null) return sendAuthError(c, 400, 'invalid_request', `Invalid ${unknown}`);
    if (!isKnownClient(world, client_id) || !isSameText(String(client_secret ?? ''), world.config.clientSecret)) {
      return sendAuthError(c, 400, 'invalid_client');
    }
    c.header('Cache-Control', 'no-store');
    switch (grant_type) {
      case 'authorization_code':
        return exchangeCode(world, c, fields);
      case 'refresh_token':
        return refresh(world, c, fields);
      case 'client_credentials':
        return sendClientToken(world, c, fields);
    }
  });
  return app;
}

type GrantType = keyof typeof fieldsOf;

const isGrantType = (text: unknown): text is GrantType => typeof text === 'string' && Object.hasOwn(fieldsOf, text);

function findUnknownField(grantType: GrantType, fields: Record<string, unknown>): string | null {
  const known = new Set<string>(['grant_type', 'client_id', 'client_secret', ...fieldsOf[grantType]]);
  return Object.keys(fields).find((name) => !known.has(name)) ?? null;
}

async function exchangeCode(world: World, c: Context, fields: Record<string, unknown>): Promise<Response> {
  const { code, redirect_uri, code_verifier } = fields;
  if (typeof code !== 'string' || typeof redirect_uri !== 'string') return sendAuthError(c, 400, 'invalid_request');
  if (typeof code_verifier === 'string') noteIssued(world, 'code_verifier', code_verifier);
  const found = world.store.codes.find(hashOf(code));
  if (found === null || found.isUsed) return sendAuthError(c, 400, world.switches.current().code_error);
  // Spent by the attempt, right or wrong, so that a verifier cannot be guessed.
  world.store.codes.put(hashOf(code), { ...found, isUsed: true });
  if (!isGood(world, found, redirect_uri, code_verifier)) {
    return sendAuthError(c, 400, world.switches.current().code_error);
  }
  const connection = connectFromCode(world, found);
  const { journeyId: id, trackingId, consentId, providerId, credentialsId } = found;
  const kind = credentialsId === null ? 'link' : 'reauth';
  const journey = { id, trackingId, consentId, providerId, credentialsId: connection.credentialsId, kind } as const;
  trackEvent(world, journey, 'code_exchanged');
  return c.json(await issueTokens(world, connection, { isRefresh: false }));
}

function isGood(world: World, code: Code, redirectUri: string, verifier: unknown): boolean {
  const isYoung = world.clock.nowMs() - code.issuedAt <= CODE_LIFE_MS;
  const isProved =
    code.codeChallenge === null ||
    (typeof verifier === 'string' && isSameText(challengeOf(verifier), code.codeChallenge));
  return isYoung && isProved && code.redirectUri === redirectUri;
}

async function refresh(world: World, c: Context, fields: Record<string, unknown>): Promise<Response> {
  if (typeof fields.refresh_token !== 'string') return sendAuthError(c, 400, 'invalid_request');
  const connection = findRefreshable(world, fields.refresh_token);
  if (connection === null) return sendAuthError(c, 400, 'invalid_grant');
  return c.json(await issueTokens(world, connection, { isRefresh: true }));
}

/** A token for the client itself. It opens no data of v1, but its existence tells a good secret from a bad one. */
async function sendClientToken(world: World, c: Context, fields: Record<string, unknown>): Promise<Response> {
  const iat = Math.floor(world.clock.nowMs() / 1000);
  const scope = String(fields.scope ?? '');
  const client = world.config.clientId;
  const access_token = await world.signer.sign({
    iss: world.origin(),
    aud: 'data_api',
    sub: client,
    client_id: client,
    jti: crypto.randomUUID(),
    iat,
    exp: iat + 3600,
    scope: scope.split(' '),
  });
  noteIssued(world, 'access_token', access_token);
  return c.json({ access_token, expires_in: 3600, token_type: 'Bearer', scope });
}
