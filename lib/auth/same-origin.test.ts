import { expect, test } from 'vitest';
import { isCrossSiteWrite, isForeignHost } from './same-origin.ts';

const APP = 'https://app.example.com';
const isRefused = (headers: Record<string, string>, { method = 'POST', app = APP } = {}) =>
  isCrossSiteWrite({ method, headers: new Headers(headers) }, app);

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['another site whose name starts with ours', { origin: 'https://app.example.com.evil.example' }],
  ['a page with an opaque origin', { origin: 'null' }],
  ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['our name over plain http, behind a proxy', { origin: 'http://app.example.com', host: '10.0.0.7:3000' }],
  ['our name over plain http, to our own host', { origin: 'http://app.example.com', host: 'app.example.com' }],
  ['the address of the server itself', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
  ['our name on another port', { origin: 'https://app.example.com:8443' }],
  ['a sibling subdomain', { 'sec-fetch-site': 'same-site' }],
  ['another site, stated by fetch metadata only', { 'sec-fetch-site': 'cross-site' }],
])('refuses a write from %s', (_, headers) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(isRefused(headers, { method })).toBe(true);
});

test.each([
  ['our own page', { origin: APP, host: '10.0.0.7:3000' }],
  ['our own page behind a proxy that sends its internal host name', { origin: APP, host: 'linkwell:3000' }],
  ['our own page without Origin', { 'sec-fetch-site': 'same-origin' }],
  ['our own page with an opaque origin', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ['a client that is no browser', {}],
])('accepts a write from %s', (_, headers) => {
  expect(isRefused(headers)).toBe(false);
});

test('a local app accepts its own pages under each loopback name, and no other port or scheme', () => {
  const app = 'http://localhost:3000';
  expect(isRefused({ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, { app })).toBe(false);
  expect(isRefused({ origin: 'http://127.0.0.1:4000', host: '127.0.0.1:3000' }, { app })).toBe(true);
  expect(isRefused({ origin: 'https://127.0.0.1:3000', host: '127.0.0.1:3000' }, { app })).toBe(true);
  expect(isRefused({ origin: 'http://evil.example:3000', host: 'evil.example:3000' }, { app })).toBe(true);
});

test('does not restrict safe methods', () => {
  expect(isRefused({ origin: 'https://evil.example' }, { method: 'GET' })).toBe(false);
});

test.each(['evil.example', 'evil.example:3000', 'app.example.com.evil.example', 'app.example.com:8443', 'a b', ''])(
  'refuses a request for the host %j',
  (host) => {
    expect(isForeignHost(host, APP)).toBe(true);
  },
);

test.each(['app.example.com', 'APP.example.com', 'linkwell:3000', 'web.prod.internal', '10.2.3.4:3000', '[::1]:3000'])(
  'accepts a request for the host %j',
  (host) => {
    expect(isForeignHost(host, APP)).toBe(false);
  },
);
