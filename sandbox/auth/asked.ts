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

/** What is wrong with a list of scopes, in words; null when nothing is. */
export function findScopeFault(scopes: readonly string[]): string | null {
  if (scopes.length === 0) return 'scope is missing';
  const unknown = scopes.filter((scope) => !knownScopes.has(scope));
  return unknown.length === 0 ? null : `scope has unknown values: ${unknown.join(', ')}`;
}

export function findPkceFault(challenge: string | null, method: string | null): string | null {
  if (challenge === null) return method === null ? null : 'code_challenge_method needs a code_challenge';
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) return 'code_challenge is not the base64url of a SHA-256';
  return method === 'S256' ? null : 'code_challenge_method must be S256';
}

export function toResponseMode(text: string | null): 'query' | 'form_post' | null {
  if (text === null || text === 'query') return 'query';
  return text === 'form_post' ? 'form_post' : null;
}
