import { Hono } from 'hono';
import { z } from 'zod';
import { findBank, listBanks } from '#sandbox/banks/catalogue';
import { toWords } from '#sandbox/banks/provider-filter';
import { openJourney } from '#sandbox/grants/journeys';
import { trackEvent } from '#sandbox/grants/tracking';
import type { World } from '#sandbox/world';
import { parseObject, sendAuthError, toReason } from './answers.ts';
import { findPkceFault, findScopeFault, isKnownClient, isRegisteredRedirect } from './asked.ts';
import { findBranch } from './dialog.ts';
import { nextPageOf } from './next-page.ts';

const Answers = z.record(z.string(), z.unknown());

const Body = z.strictObject({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.string(),
  scope: z.string(),
  consent_id: z.string().regex(/^[A-Za-z0-9-]+$/),
  provider_id: z.string(),
  state: z.string().optional(),
  user: z
    .strictObject({
      id: z.string().optional(),
      name: z.string(),
      email: z.string().optional(),
      phone: z.string().optional(),
    })
    .refine((user) => user.email !== undefined || user.phone !== undefined, 'needs an email or a phone')
    .optional(),
  data_use_description: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.string().optional(),
  response_mode: z.literal('form_post').optional(),
  auth_inputs: z.union([z.array(Answers), Answers]).optional(),
  tracking_id: z.string().optional(),
});

/** Direct bank authentication: a link past TrueLayer's own screens. */
export function bankLinkRoutes(world: World): Hono {
  const app = new Hono();
  app.post('/v1/authuri', async (c) => {
    const parsed = Body.safeParse(parseObject(await c.req.text()));
    if (!parsed.success) return sendAuthError(c, 401, 'invalid_request', toReason(parsed.error));
    const asked = parsed.data;
    if (!isKnownClient(world, asked.client_id)) return sendAuthError(c, 401, 'unauthorized_client');
    if (!isRegisteredRedirect(world, asked.redirect_uri)) {
      return sendAuthError(c, 401, 'unauthorized', 'Invalid redirect_uri');
    }
    const scopes = [...new Set(toWords(asked.scope))];
    const codeChallenge = asked.code_challenge ?? null;
    const fault = findScopeFault(scopes) ?? findPkceFault(codeChallenge, asked.code_challenge_method ?? null);
    const { direct_links, direct_link_cards } = world.switches.current();
    const isCardRefused = direct_link_cards === 'refused' && scopes.includes('cards');
    const refused = isCardRefused ? 'scope' : fault?.field;
    if (refused !== undefined) return sendAuthError(c, 401, 'invalid_request', `Invalid ${refused}`);
    const bank = findBank(world, asked.provider_id);
    if (bank === null || (direct_links === 'mock' && bank.id !== 'mock'))
      return sendAuthError(c, 401, 'invalid_request', 'Invalid provider_id');
    const branch = findBranch(world, bank.id, Object.assign({}, ...[asked.auth_inputs ?? []].flat()));
    if (bank.steps !== undefined && branch === null) {
      return sendAuthError(c, 401, 'invalid_request', 'Invalid auth_inputs');
    }
    const journey = openJourney(world, {
      kind: 'direct',
      clientId: asked.client_id,
      redirectUri: asked.redirect_uri,
      scopes,
      state: asked.state ?? null,
      responseMode: asked.response_mode ?? 'query',
      codeChallenge,
      trackingId: asked.tracking_id ?? null,
      consentId: asked.consent_id,
      hasConsent: true,
      offered: listBanks(world).map(({ id }) => id),
      providerId: bank.id,
      branch,
    });
    trackEvent(world, journey, 'provider_selected');
    trackEvent(world, journey, 'consent_granted');
    return c.json({ result: world.origin() + nextPageOf(world, journey), success: true });
  });
  return app;
}
