import { NextRequest } from 'next/server';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

async function answerOf(appUrl: string, path = '/accounts', init: { method?: string; headers?: HeadersInit } = {}) {
  vi.resetModules();
  vi.stubEnv('APP_URL', appUrl);
  vi.stubEnv('NODE_ENV', 'production');
  const { proxy } = await import('../proxy.ts');
  return proxy(new NextRequest(`${appUrl}${path}`, init));
}

test('an app that is served encrypted tells browsers to come no other way, and one that isn’t doesn’t', async () => {
  const told = (response: Response) => response.headers.get('strict-transport-security');
  expect(told(await answerOf('https://app.example.com'))).toBe('max-age=63072000; includeSubDomains');
  expect(told(await answerOf('http://localhost:3000'))).toBeNull();
});

test('forms may leave for a bank only on the way to one', async () => {
  const policyOf = async (path: string) =>
    (await answerOf('https://app.example.com', path)).headers.get('content-security-policy');
  expect(await policyOf('/accounts')).toContain("form-action 'self';");
  expect(await policyOf('/connect/ob-monzo')).toContain("form-action 'self' https:");
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
