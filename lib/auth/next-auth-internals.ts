import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import type { CookiesOptions, Profile } from 'next-auth';
import { env } from '#lib/env/env';

// What we rely on of next-auth beyond its documented API. `next-auth-internals.test.ts` compares it with the installed version.

/** Whether cookies are `Secure` and carry the `__Host-` prefix: over https, where browsers accept that. */
export function hasSecureCookies(): boolean {
  return env().appUrl.startsWith('https:');
}

/** `__Host-` makes browsers refuse the cookie from other hosts of the domain, with a `Domain`, or with another path than `/`. */
export function cookieName(name: string): string {
  return `${hasSecureCookies() ? '__Host-' : ''}${name}`;
}

/** The attributes that every cookie has, next-auth's and ours. */
export function cookieAttributes() {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: hasSecureCookies() } as const;
}

const STATE_SECONDS = 15 * 60;

/** next-auth's cookies under our names. Those of its own would have the weaker prefix `__Secure-`. */
export function nextAuthCookies(): CookiesOptions {
  const named = (name: string, maxAge?: number) => ({
    name: cookieName(`next-auth.${name}`),
    options: { ...cookieAttributes(), ...(maxAge === undefined ? {} : { maxAge }) },
  });
  return {
    sessionToken: named('session-token'),
    callbackUrl: named('callback-url'),
    csrfToken: named('csrf-token'),
    pkceCodeVerifier: named('pkce.code_verifier', STATE_SECONDS),
    state: named('state', STATE_SECONDS),
    nonce: named('nonce'),
  };
}

export function sessionCookieName(): string {
  return cookieName('next-auth.session-token');
}

/** A token for next-auth's protection against forged posts, and the cookie that vouches for it. */
export function createCsrfToken(): { csrfToken: string; cookie: { name: string; value: string } } {
  const csrfToken = randomBytes(32).toString('hex');
  return {
    csrfToken,
    cookie: { name: cookieName('next-auth.csrf-token'), value: `${csrfToken}|${hashWithSecret(csrfToken)}` },
  };
}

/** The claims of an ID token that next-auth has verified. */
export function idTokenClaims(idToken: string | undefined): Profile {
  const claims: unknown = JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString());
  if (typeof claims !== 'object' || claims === null) throw new Error('an ID token without claims');
  return claims;
}

/** The error code in next-auth's redirect after a failed callback, such as `Verification`; null after a sign-in. */
export function failureOf(response: Response): string | null {
  const location = response.headers.get('location');
  const url = location === null ? null : URL.parse(location, env().appUrl);
  if (url === null || !/^\/api\/auth\/(error|signin)$/.test(url.pathname)) return null;
  return url.searchParams.get('error') ?? 'unknown';
}

function hashWithSecret(token: string): string {
  return createHash('sha256').update(`${token}${env().nextAuthSecret}`).digest('hex');
}
