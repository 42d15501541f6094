import { signIn } from '../fixtures/session.ts';
import { expect, test } from '../fixtures/test.ts';

const appUrl = process.env.APP_URL ?? '';

const PAGES = [
  '/',
  '/sign-in',
  '/sign-in/sent',
  '/connect/lost',
  '/no-such-page',
  '/accounts',
  '/connect',
  '/connections',
];

test('pages run only scripts and styles that carry their own nonce, and none is written inline @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
  });
  const nonces = new Set<string>();
  for (const path of PAGES.filter((each) => each !== '/no-such-page')) {
    const response = await page.goto(path);
    const policy = response?.headers()['content-security-policy'] ?? '';
    const nonce = /script-src 'nonce-([\w+/=]+)' 'strict-dynamic'(;|$)/.exec(policy)?.[1] ?? '';
    expect(nonce, `nonce of ${path}`).toMatch(/^.{24}$/);
    nonces.add(nonce);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const html = (await response?.text()) ?? '';
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag, path).toContain(`nonce="${nonce}"`);
    expect(html.match(/<style\b(?![^>]*nonce=)/g), `${path} has no style without a nonce`).toBeNull();
    expect(html.match(/\s(on[a-z]+|style)="/g), `${path} has no inline handler or style`).toBeNull();
    expect(html.match(/javascript:/g), path).toBeNull();
  }
  expect(nonces.size, 'no nonce is used twice').toBe(PAGES.length - 1);
  expect(violations).toEqual([]);
});

test('every answer carries the headers that shut it in @once', async () => {
  for (const path of [...PAGES, '/api/health', '/api/banks/ob-monzo/logo', '/manifest.webmanifest']) {
    const { headers } = await fetch(`${appUrl}${path}`, { redirect: 'manual' });
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('x-frame-options'), path).toBe('DENY');
    expect(headers.get('referrer-policy'), path).toMatch(/same-origin|no-referrer/);
    expect(headers.get('permissions-policy'), path).toContain('camera=()');
    expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
    expect(headers.get('x-request-id'), path).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-powered-by'), path).toBeNull();
    // Only where the app itself is served encrypted: a promise made over plain http would be ignored, or lock people out.
    expect(headers.has('strict-transport-security')).toBe(appUrl.startsWith('https:'));
  }
});

test('a body that is too long is refused, whether its length is told or not @once', async () => {
  const long = 'x'.repeat(200 * 1024);
  for (const path of ['/sign-in', '/connect/callback', '/api/webhooks/truelayer', '/api/auth/signin/oidc']) {
    const told = await fetch(`${appUrl}${path}`, { method: 'POST', body: long });
    expect(told.status, path).toBe(413);
  }
  const untold = (path: string) =>
    fetch(`${appUrl}${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new Blob([long]).stream(),
      duplex: 'half',
    } as RequestInit);
  for (const path of ['/sign-in', '/connect/callback', '/api/webhooks/truelayer', '/api/auth/_log', '/no-such-page']) {
    expect((await untold(path)).status, path).toBe(413);
  }
});

test('Prometheus is told what this process answered and how the deployment is, for the token and for nothing else @once', async () => {
  const ask = (headers: Record<string, string>) => fetch(`${appUrl}/api/metrics`, { headers });
  expect((await ask({})).status).toBe(401);
  await (await fetch(`${appUrl}/sign-in`)).text();
  const token = { authorization: `Bearer ${process.env.METRICS_TOKEN}` };
  // An answer is counted when its last byte is out, which may be after it was read.
  const counted = /linkwell_http_answers_total\{area="sign-in",status="2xx"\} [1-9]/;
  await expect.poll(async () => (await ask(token)).text()).toMatch(counted);
  const told = await ask(token);
  expect(told.headers.get('content-type')).toContain('version=0.0.4');
  const text = await told.text();
  expect(text).toContain('linkwell_database_up 1\n');
  expect(text).toMatch(/linkwell_workers [1-9]/);
});

test('who asked for less motion sees none, not even for the instant in which the theme changes @once', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto('/sign-in');
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  expect(await page.evaluate(() => document.getAnimations().length), 'the button’s colours move otherwise').not.toBe(0);
});
