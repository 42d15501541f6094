import { expect, test } from 'vitest';
import { readCallback } from './callback.ts';

const read = (query: string) => readCallback(new URLSearchParams(query));

test('reads a code, and what was granted with it', () => {
  expect(read('code=abc&scope=info%20accounts+offline_access&state=s1')).toEqual({
    kind: 'code',
    state: 's1',
    code: 'abc',
    permissions: ['info', 'accounts', 'offline_access'],
  });
  expect(read('code=abc')).toEqual({ kind: 'code', state: null, code: 'abc', permissions: null });
});

test.each([
  ['access_denied', 'cancelled'],
  ['provider_error', 'bank_trouble'],
  ['temporarily_unavailable', 'bank_unavailable'],
  ['server_error', 'retry_later'],
  ['internal_server_error', 'retry_later'],
  ['invalid_request', 'request'],
  ['invalid_scope', 'request'],
  ['unauthorized_client', 'request'],
  ['something_new', 'unknown'],
  ['constructor', 'unknown'],
])('reads the refusal %s as %s, with or without a description', (code, reason) => {
  expect(read(`error=${code}&state=s1`)).toEqual({
    kind: 'refused',
    state: 's1',
    reason,
    rawCode: code,
    description: null,
  });
  expect(read(`error=${code}&error_description=words`)).toEqual({
    kind: 'refused',
    state: null,
    reason,
    rawCode: code,
    description: 'words',
  });
});

test('cuts a refusal nobody knows to a sane length, and believes an error over a code', () => {
  const answer = read(`error=<b>${'x'.repeat(500)}</b>&code=abc`);
  expect(answer).toMatchObject({ kind: 'refused', rawCode: `b${'x'.repeat(63)}` });
});

test.each(['', 'state=s1', 'code=&state=s1', `code=${'c'.repeat(2001)}&state=s1`])(
  'finds nothing to act on in %s',
  (query) => {
    expect(read(query).kind).toBe('empty');
  },
);

test('permissions beyond 2,000 characters are not read, and the code still is', () => {
  const scope = 'a'.repeat(2000);
  expect(read(`code=abc&state=s1&scope=${scope}`)).toMatchObject({ code: 'abc', permissions: [scope] });
  expect(read(`code=abc&state=s1&scope=${scope}a`)).toMatchObject({ code: 'abc', permissions: null });
});
