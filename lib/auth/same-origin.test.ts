import { expect, test } from 'vitest';
import { isForgedFromElsewhere } from './same-origin.ts';

const APP = 'https://app.example.com';
const isForged = (headers: Record<string, string>, method = 'POST') =>
  isForgedFromElsewhere({ method, headers: new Headers(headers) }, APP);

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['another site with our name in its own', { origin: 'https://app.example.com.evil.example' }],
  ['a page that hides where it is', { origin: 'null' }],
  ['our name without encryption, behind a proxy', { origin: 'http://app.example.com', host: '10.0.0.7:3000' }],
  ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site' }],
  ['another site, told by the browser only', { 'sec-fetch-site': 'cross-site' }],
])('a change sent by %s is refused', (_, headers) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(isForged(headers, method)).toBe(true);
});

test.each([
  ['our own page', { origin: APP, host: '10.0.0.7:3000' }],
  ['our own page under the address that was asked', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
  ['our own page, without Origin', { 'sec-fetch-site': 'same-origin' }],
  ['no browser at all', {}],
])('a change sent by %s is heard', (_, headers) => {
  expect(isForged(headers)).toBe(false);
});

test('looking is nobody’s business to forbid', () => {
  expect(isForged({ origin: 'https://evil.example' }, 'GET')).toBe(false);
});
