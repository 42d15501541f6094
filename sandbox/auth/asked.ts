import type { World } from '#sandbox/world';

const knownScopes = new Set([
  'info',
  'accounts',
  'balance',
  'transactions',
  'cards',
  'direct_debits',
  'standing_orders',
  'offline_access',
  'products',
  'beneficiaries',
  'verification',
  'signupplus',
]);

export const isKnownClient = (world: World, clientId: unknown) => clientId === world.config.clientId;

export function isRegisteredRedirect(world: World, uri: unknown): boolean {
  return [...world.config.redirectUris, ...world.switches.current().extra_redirect_uris].some((each) => each === uri);
}

/** A parameter that is wrong, and how, in words for the error page. */
export type ParameterFault = { field: string; text: string };

/** Null when nothing is wrong with the list of scopes. */
export function findScopeFault(scopes: readonly string[]): ParameterFault | null {
  if (scopes.length === 0) return { field: 'scope', text: 'scope is missing' };
  const unknown = scopes.filter((scope) => !knownScopes.has(scope));
  return unknown.length === 0 ? null : { field: 'scope', text: `scope has unknown values: ${unknown.join(', ')}` };
}

export function findPkceFault(challenge: string | null, method: string | null): ParameterFault | null {
  const fault = (field: string, text: string) => ({ field, text: `${field} ${text}` });
  if (challenge === null) return method === null ? null : fault('code_challenge_method', 'needs a code_challenge');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) return fault('code_challenge', 'is not the base64url of a SHA-256');
  return method === 'S256' ? null : fault('code_challenge_method', 'must be S256');
}

export function toResponseMode(text: string | null): 'query' | 'form_post' | null {
  if (text === null || text === 'query') return 'query';
  return text === 'form_post' ? 'form_post' : null;
}
