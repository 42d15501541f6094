import { noteIssued } from '#sandbox/control/issued';
import type { Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { hashOf, newCode, newSessionId } from './secrets.ts';
import { trackEvent } from './tracking.ts';

type NewJourney = Pick<Journey, 'kind' | 'clientId' | 'redirectUri' | 'scopes' | 'offered'> & Partial<Journey>;

export function openJourney(world: World, fields: NewJourney): Journey {
  const journey: Journey = {
    linkHash: null,
    state: null,
    responseMode: 'query',
    codeChallenge: null,
    trackingId: null,
    consentId: null,
    providerId: null,
    branch: null,
    hasConsent: false,
    username: null,
    variant: 'plain',
    credentialsId: null,
    finishedAt: null,
    ...fields,
    id: newSessionId(),
    createdAt: world.clock.nowMs(),
  };
  world.store.journeys.put(journey.id, journey);
  noteIssued(world, 'state', journey.state);
  return journey;
}

export function isLinkUsed(world: World, linkHash: string): boolean {
  if (world.switches.current().link_reuse === 'allowed') return false;
  return world.store.usedLinks.find(linkHash) !== null;
}

/** A journey that may go on: not finished, and its link not finished in another window either. */
export function findOpenJourney(world: World, id: string): Journey | null {
  const journey = world.store.journeys.find(id);
  if (journey === null || journey.finishedAt !== null) return null;
  return journey.linkHash !== null && isLinkUsed(world, journey.linkHash) ? null : journey;
}

export function changeJourney(world: World, journey: Journey, change: Partial<Journey>): Journey {
  const changed = { ...journey, ...change };
  world.store.journeys.put(journey.id, changed);
  return changed;
}

export type Landing = {
  redirectUri: string;
  mode: 'query' | 'form_post';
  fields: [name: string, value: string][];
};

type Refusal = { error: string; description: string };

export function refuseJourney(world: World, journey: Journey, { error, description }: Refusal): Landing {
  finish(world, journey);
  const isDescribed = world.switches.current().callback_description;
  return land(world, journey, [['error', error], ...pair('error_description', isDescribed ? description : null)]);
}

type Signed = { username: string; providerId: string; accountKeys: string[] };

/** Ends the journey well: a code, good once and for five minutes. */
export function grantJourney(world: World, journey: Journey, signed: Signed): Landing {
  const { callback_error, withheld_scopes } = world.switches.current();
  if (callback_error !== null) {
    return refuseJourney(world, journey, { error: callback_error, description: 'The provider could not complete it.' });
  }
  finish(world, journey);
  const scopes = journey.scopes.filter((scope) => !withheld_scopes.includes(scope));
  const code = newCode();
  noteIssued(world, 'code', code);
  const now = world.clock.nowMs();
  world.store.codes.put(hashOf(code), {
    ...signed,
    clientId: journey.clientId,
    redirectUri: journey.redirectUri,
    codeChallenge: journey.codeChallenge,
    issuedAt: now,
    isUsed: false,
    journeyId: journey.id,
    trackingId: journey.trackingId,
    credentialsId: journey.credentialsId,
    scopes,
    consentId: journey.consentId ?? crypto.randomUUID(),
    branch: journey.branch,
    variant: journey.variant,
    authenticatedAt: now,
  });
  trackEvent(world, journey, 'provider_authorized');
  return land(world, journey, [
    ['code', code],
    ['scope', scopes.join(' ')],
  ]);
}

function finish(world: World, journey: Journey): void {
  const finishedAt = world.clock.nowMs();
  world.store.journeys.put(journey.id, { ...journey, finishedAt });
  if (journey.linkHash !== null) world.store.usedLinks.put(journey.linkHash, journey.id);
}

function land(world: World, journey: Journey, fields: [string, string][]): Landing {
  const { callback_state, callback_mode } = world.switches.current();
  return {
    redirectUri: journey.redirectUri,
    mode: callback_mode === 'form_post' ? 'form_post' : journey.responseMode,
    fields: [...fields, ...pair('state', callback_state === 'lost' ? null : journey.state)],
  };
}

function pair(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}
