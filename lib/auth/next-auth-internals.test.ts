import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import * as environment from '#lib/env/env';
import { createCsrfToken, failureOf, nextAuthCookies, sessionCookieName } from './next-auth-internals.ts';

const root = join(import.meta.dirname, '../../node_modules/next-auth');
const load = createRequire(import.meta.url);
const internal = (path: string) => load(join(root, 'core', path));

afterEach(() => vi.restoreAllMocks());

function over(appUrl: string) {
  const real = environment.env();
  vi.spyOn(environment, 'env').mockReturnValue({ ...real, appUrl });
}

test('the installed next-auth is the version that this was written against', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, '../../package.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(version).toBe(dependencies['next-auth']);
});

test('names every cookie that next-auth has, with its attributes; over http by its default names', () => {
  over('http://localhost:3000');
  expect(nextAuthCookies()).toEqual(internal('lib/cookie.js').defaultCookies(false));
  expect(sessionCookieName()).toBe('next-auth.session-token');
});

test('over https every cookie has the prefix __Host- and what browsers require of it', () => {
  over('https://bank.example');
  const cookies = Object.entries(nextAuthCookies());
  expect(cookies.map(([key]) => key)).toEqual(Object.keys(internal('lib/cookie.js').defaultCookies(true)));
  for (const [, { name, options }] of cookies) {
    expect(name).toMatch(/^__Host-next-auth\./);
    expect(options).toMatchObject({ path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
    expect(options).not.toHaveProperty('domain');
  }
  expect(sessionCookieName()).toBe('__Host-next-auth.session-token');
});

test('next-auth accepts our token against forged posts, and no other', () => {
  const { csrfToken, cookie } = createCsrfToken();
  const verify = (bodyValue: string) =>
    internal('lib/csrf-token.js').createCSRFToken({
      options: { secret: environment.env().nextAuthSecret },
      cookieValue: cookie.value,
      isPost: true,
      bodyValue,
    });
  expect(verify(csrfToken)).toEqual({ csrfTokenVerified: true, csrfToken });
  expect(verify('0'.repeat(64))).toEqual({ csrfTokenVerified: false, csrfToken });
});

test('tells a failed callback from a sign-in by where next-auth redirects', () => {
  over('https://bank.example');
  const to = (location: string) => new Response(null, { status: 302, headers: { location } });
  expect(failureOf(to('https://bank.example/api/auth/error?error=Verification'))).toBe('Verification');
  expect(failureOf(to('https://bank.example/api/auth/signin'))).toBe('unknown');
  expect(failureOf(to('https://bank.example/accounts?error=1'))).toBeNull();
  expect(failureOf(new Response('ok'))).toBeNull();
});
