import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

/** With the proxies of a deployment of its own: the configuration is read once for each process. */
async function addressOf(proxies: string, headers: Record<string, string>): Promise<string | null> {
  vi.resetModules();
  vi.stubEnv('TRUSTED_PROXIES', proxies);
  const { clientAddressOf, PEER_HEADER } = await import('./client-address.ts');
  const { peer = '', ...sent } = headers;
  return clientAddressOf(new Headers({ ...sent, ...(peer === '' ? {} : { [PEER_HEADER]: peer }) }));
}

test('whatever a caller writes into X-Forwarded-For is ignored when no proxy is trusted', async () => {
  expect(await addressOf('', { peer: '81.2.69.160', 'x-forwarded-for': '1.2.3.4' })).toBe('81.2.69.160');
});

test('only a trusted proxy is believed, and of what it passes on only the last hop that isn’t one itself', async () => {
  const proxies = '10.0.0.0/8 2001:db8::/32';
  expect(await addressOf(proxies, { peer: '10.0.0.9', 'x-forwarded-for': '81.2.69.160' })).toBe('81.2.69.160');
  expect(await addressOf(proxies, { peer: '10.0.0.9', 'x-forwarded-for': '6.6.6.6, 81.2.69.160, 10.1.1.1' })).toBe(
    '81.2.69.160',
  );
  expect(await addressOf(proxies, { peer: '2001:db8::1', 'x-forwarded-for': '81.2.69.160' })).toBe('81.2.69.160');
  expect(await addressOf(proxies, { peer: '81.2.69.9', 'x-forwarded-for': '6.6.6.6' })).toBe('81.2.69.9');
});

test('an IPv4 address in IPv6 clothing is the same address, for callers and for proxies', async () => {
  expect(await addressOf('', { peer: '::ffff:81.2.69.160' })).toBe('81.2.69.160');
  expect(await addressOf('10.0.0.9', { peer: '::ffff:10.0.0.9', 'x-forwarded-for': '::ffff:81.2.69.160' })).toBe(
    '81.2.69.160',
  );
});

test('without a socket, or with nonsense for an address, nobody knows', async () => {
  expect(await addressOf('', { 'x-forwarded-for': '81.2.69.160' })).toBeNull();
  expect(await addressOf('', { peer: 'a name' })).toBeNull();
  expect(await addressOf('10.0.0.9', { peer: '10.0.0.9', 'x-forwarded-for': '81.2.69.160, junk' })).toBe('10.0.0.9');
});

test.each([
  ['a port', '81.2.69.160:61598', '81.2.69.160'],
  ['brackets', '[2001:db8:1::7]', '2001:db8:1::7'],
  ['brackets and a port', '[2001:db8:1::7]:443', '2001:db8:1::7'],
  ['a bare IPv6 address', '2001:db8:1::7', '2001:db8:1::7'],
])('reads an address with %s from X-Forwarded-For', async (_, sent, address) => {
  expect(await addressOf('10.0.0.9', { peer: '10.0.0.9', 'x-forwarded-for': sent })).toBe(address);
});

test.each([
  ['for=81.2.69.160;proto=https;by=10.0.0.9', '81.2.69.160'],
  ['For="[2001:db8:1::7]:4711"', '2001:db8:1::7'],
  ['for=6.6.6.6, for="81.2.69.160:443"', '81.2.69.160'],
  ['proto=https', '10.0.0.9'],
])('reads the client of Forwarded: %s', async (sent, address) => {
  expect(await addressOf('10.0.0.9', { peer: '10.0.0.9', forwarded: sent })).toBe(address);
});

test('does not guess when a client adds the header that the proxy leaves alone', async () => {
  const peer = '10.0.0.9';
  expect(await addressOf(peer, { peer, 'x-forwarded-for': '81.2.69.160', forwarded: 'for=6.6.6.6' })).toBeNull();
  expect(await addressOf(peer, { peer, 'x-forwarded-for': '81.2.69.160', forwarded: 'for=81.2.69.160' })).toBe(
    '81.2.69.160',
  );
  expect(await addressOf('', { peer: '81.2.69.9', forwarded: 'for=6.6.6.6' })).toBe('81.2.69.9');
});
