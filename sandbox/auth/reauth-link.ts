import { Hono } from 'hono';
import { z } from 'zod';
import { getBank } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import { isRenewable } from '#sandbox/grants/connections';
import { openJourney } from '#sandbox/grants/journeys';
import { findByRefreshToken } from '#sandbox/grants/tokens';
import type { Connection, Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { parseObject, sendAuthError, toReason } from './answers.ts';
import { findPkceFault, isRegisteredRedirect } from './asked.ts';
import { nextPageOf } from './next-page.ts';

const Body = z.strictObject({
  response_type: z.literal('code'),
  refresh_token: z.string(),
  redirect_uri: z.string(),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.string().optional(),
  response_mode: z.literal('form_post').optional(),
});

export function reauthLinkRoutes(world: World): Hono {
  const app = new Hono();
  app.post('/v1/reauthuri', async (c) => {
    const parsed = Body.safeParse(parseObject(await c.req.text()));
    if (!parsed.success) return sendAuthError(c, 401, 'invalid_request', toReason(parsed.error));
    const asked = parsed.data;
    const codeChallenge = asked.code_challenge ?? null;
    const fault = findPkceFault(codeChallenge, asked.code_challenge_method ?? null);
    if (fault !== null) return sendAuthError(c, 401, 'invalid_request', `Invalid ${fault.field}`);
    if (!isRegisteredRedirect(world, asked.redirect_uri)) return sendAuthError(c, 401, 'unauthorized_client');
    const connection = findByRefreshToken(world, asked.refresh_token);
    if (connection === null) return sendAuthError(c, 401, 'invalid_request', 'Invalid refresh_token');
    if (!isReauthenticable(world, connection)) return sendAuthError(c, 401, 'unauthorized', 'Invalid token');
    const result = openRenewal(world, connection, {
      kind: 'reauth',
      redirectUri: asked.redirect_uri,
      state: asked.state ?? null,
      responseMode: asked.response_mode ?? 'query',
      codeChallenge,
    });
    return c.json({ result, success: true });
  });
  return app;
}

/** A consent that the bank took back can be given again there; one that the client deleted cannot. */
function isReauthenticable(world: World, connection: Connection): boolean {
  const isOpen = connection.ended?.by === 'bank' || connection.ended === null;
  const { can_extend } = traitsOf(world, getBank(world, connection.providerId));
  return isOpen && can_extend && isRenewable(world, { ...connection, ended: null });
}

type Renewal = Pick<Journey, 'kind' | 'redirectUri' | 'state' | 'responseMode' | 'codeChallenge'>;

/** A link straight to the bank of a connection that is there already. */
export function openRenewal(world: World, connection: Connection, renewal: Renewal, hasConsent = true): string {
  const journey = openJourney(world, {
    ...renewal,
    clientId: connection.clientId,
    scopes: connection.scopes,
    consentId: connection.consentId,
    hasConsent,
    offered: [connection.providerId],
    providerId: connection.providerId,
    branch: connection.branch,
    credentialsId: connection.credentialsId,
  });
  return world.origin() + nextPageOf(world, journey);
}
