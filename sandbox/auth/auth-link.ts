import { Hono } from 'hono';
import { listBanks } from '#sandbox/banks/catalogue';
import { filterProviders, toWords } from '#sandbox/banks/provider-filter';
import { isLinkUsed, openJourney } from '#sandbox/grants/journeys';
import { hashOf } from '#sandbox/grants/secrets';
import { trackEvent } from '#sandbox/grants/tracking';
import { sendErrorPage } from '#sandbox/pages/plain-pages';
import type { Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { findPkceFault, findScopeFault, isKnownClient, isRegisteredRedirect, toResponseMode } from './asked.ts';
import { nextPageOf } from './next-page.ts';

export function authLinkRoutes(world: World): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const { search, searchParams } = new URL(c.req.url);
    if (search === '') return sendErrorPage(c, { status: 400, ...welcome });
    const read = readLink(world, searchParams);
    if (!read.ok) return sendErrorPage(c, { ...read, facts: [['Refused', read.fault]] });
    const linkHash = hashOf(search);
    if (isLinkUsed(world, linkHash)) {
      const reason = 'An auth link is good for one journey. A new one is needed for the next.';
      return sendErrorPage(c, { status: 400, title: 'This link has been used', reason });
    }
    // What previews links asks so first; the link stays good.
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const journey = openJourney(world, { ...read.journey, linkHash });
    trackEvent(world, journey, 'dialog_started');
    if (journey.providerId !== null) trackEvent(world, journey, 'provider_selected');
    return c.redirect(nextPageOf(world, journey), 302);
  });
  return app;
}

const welcome = {
  title: 'This is a stand-in for TrueLayer',
  reason: 'It answers the links and calls of an app under development. There is nothing to see without such a link.',
};

type LinkReading =
  | { ok: true; journey: Parameters<typeof openJourney>[1] }
  | { ok: false; status: 400 | 401; title: string; reason: string; fault: string };

function readLink(world: World, query: URLSearchParams): LinkReading {
  if (!isKnownClient(world, query.get('client_id'))) return refuse(401, 'client_id is not known here');
  if (!isRegisteredRedirect(world, query.get('redirect_uri'))) return refuse(401, 'redirect_uri is not registered');
  if (query.get('response_type') !== 'code') return refuse(400, 'response_type must be code');
  const responseMode = toResponseMode(query.get('response_mode'));
  if (responseMode === null) return refuse(400, 'response_mode must be form_post or left out');
  const scopes = [...new Set(toWords(query.get('scope') ?? ''))];
  const codeChallenge = query.get('code_challenge');
  const fault = findScopeFault(scopes) ?? findPkceFault(codeChallenge, query.get('code_challenge_method'));
  if (fault !== null) return refuse(400, fault.text);
  const filter = filterProviders(listBanks(world), query);
  if (!filter.ok) return refuse(400, `providers has unknown values: ${filter.unknown.join(', ')}`);
  const providerId = query.get('provider_id');
  if (providerId !== null && !filter.banks.some((bank) => bank.id === providerId)) {
    return refuse(400, 'provider_id is not among the providers');
  }
  const journey: Parameters<typeof openJourney>[1] & Partial<Journey> = {
    kind: 'link',
    clientId: world.config.clientId,
    redirectUri: query.get('redirect_uri') ?? '',
    scopes,
    state: query.get('state'),
    responseMode,
    codeChallenge,
    trackingId: query.get('tracking_id'),
    consentId: query.get('consent_id'),
    hasConsent: query.get('consent_id') !== null,
    offered: filter.banks.map((bank) => bank.id),
    providerId,
  };
  return { ok: true, journey };
}

function refuse(status: 400 | 401, fault: string): LinkReading {
  const title = status === 401 ? 'This app is not known' : 'This link does not work';
  const reason = 'The app that sent you here made a request that cannot be answered.';
  return { ok: false, status, title, reason, fault };
}
