import { NextRequest } from 'next/server';
import { afterEach, expect, test, vi } from 'vitest';
import { config } from '../proxy.ts';

const { matcher } = config;

afterEach(() => vi.unstubAllEnvs());

async function answerOf(appUrl: string, path = '/accounts', init: { method?: string; headers?: HeadersInit } = {}) {
  vi.resetModules();
  vi.stubEnv('APP_URL', appUrl);
  vi.stubEnv('TRUELAYER_ENV', 'local');
  vi.stubEnv('NODE_ENV', 'production');
  const { proxy } = await import('../proxy.ts');
  return proxy(new NextRequest(`${appUrl}${path}`, init));
}

test('sends HSTS over https only, and for subdomains only when configured', async () => {
  const hsts = (response: Response) => response.headers.get('strict-transport-security');
  expect(hsts(await answerOf('https://example.com'))).toBe('max-age=63072000');
  expect(hsts(await answerOf('http://localhost:3000'))).toBeNull();
  vi.stubEnv('HSTS_INCLUDE_SUBDOMAINS', 'true');
  expect(hsts(await answerOf('https://example.com'))).toBe('max-age=63072000; includeSubDomains');
});

test('replaces the policy of every response except that of bank logos', async () => {
  const policy = async (path: string) =>
    (await answerOf('https://app.example.com', path)).headers.get('content-security-policy');
  expect(await policy('/api/banks/ob-monzo/logo')).toBeNull();
  expect(await policy('/api/banks/ob-monzo/logo/more')).toContain("default-src 'none'");
  expect(await policy('/accounts')).toContain("default-src 'none'");
});

test('refuses a public host name that is not ours, with a page; probes may use the address of the container', async () => {
  const ask = (path: string, host: string) => answerOf('https://app.example.com', path, { headers: { host } });
  const refused = await ask('/accounts', 'evil.example');
  expect(refused.status).toBe(421);
  expect(await refused.text()).toContain('<h1>Wrong address</h1>');
  expect((await ask('/accounts', 'app.example.com')).status).toBe(200);
  expect((await ask('/api/health', 'evil.example')).status).toBe(200);
});

test.each([
  ['/accounts/%ED%A0%80', 400],
  ['/accounts/%', 400],
  ['/accounts/a%00b', 400],
  ['/accounts?q=%00', 400],
  ['/accounts/%E2%82%AC?q=%E2%82%AC%ED%A0%80', 200],
])('answers %s with %i', async (path, status) => {
  expect((await answerOf('https://app.example.com', path)).status).toBe(status);
});

test('passes the public origin on to server actions whatever host name the proxy uses', async () => {
  const headers = { host: 'linkwell:3000', origin: 'null', 'sec-fetch-site': 'same-origin' };
  const response = await answerOf('https://app.example.com', '/accounts', { method: 'POST', headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-middleware-request-origin')).toBe('https://app.example.com');
  expect(response.headers.get('x-middleware-request-x-forwarded-host')).toBe('app.example.com');
});

test('the matcher leaves out immutable files and nothing that merely starts like them', () => {
  const matches = (path: string) => matcher.some((pattern) => new RegExp(`^${pattern}$`).test(path));
  expect(matches('/_next/static/chunks/a.js')).toBe(false);
  expect(matches('/favicon.ico')).toBe(false);
  for (const path of ['/_next/staticfoo', '/favicon.ico/x', '/faviconXico', '/']) expect(matches(path)).toBe(true);
});

test('forms may leave for a bank only on the way to one', async () => {
  const policyOf = async (path: string) =>
    (await answerOf('https://app.example.com', path)).headers.get('content-security-policy');
  expect(await policyOf('/accounts')).toContain("form-action 'self';");
  expect(await policyOf('/connect/ob-monzo')).toContain("form-action 'self' https:");
  expect(await policyOf('/connections/1/reconfirm')).toContain("form-action 'self' https:");
  expect(await policyOf('/connectors')).toContain("form-action 'self';");
  expect(await policyOf('/sign-in')).toContain("form-action 'self';");
});

test('the sign-in form may redirect to the identity provider when one is configured', async () => {
  for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']) vi.stubEnv(name, 'x');
  vi.stubEnv('OIDC_ISSUER', 'https://id.example.com/tenant');
  const policy = (await answerOf('https://app.example.com', '/sign-in')).headers.get('content-security-policy');
  expect(policy).toContain("form-action 'self' https: https://id.example.com;");
});

test('a change from another site, and a body too long, go no further; TrueLayer’s own form post does', async () => {
  const post = (path: string, headers: HeadersInit) =>
    answerOf('https://app.example.com', path, { method: 'POST', headers }).then(({ status }) => status);
  const foreign = { origin: 'https://auth.truelayer.com' };
  expect(await post('/accounts', foreign)).toBe(403);
  expect(await post('/connect/callback', foreign)).toBe(200);
  expect(await post('/api/webhooks/truelayer', foreign)).toBe(200);
  expect(await post('/accounts', { origin: 'https://app.example.com', 'content-length': '1000000' })).toBe(413);
  expect(await post('/connect/callback', { 'content-length': '1000000' })).toBe(413);
});
