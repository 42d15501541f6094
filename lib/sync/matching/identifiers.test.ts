import { expect, test } from 'vitest';
import { credibleIds, isCredible } from './identifiers.ts';

test.each([
  '',
  ' ',
  '\u00a0\t',
  '-',
  '--',
  '.',
  '0',
  '00',
  '0000000000',
  '00000000-0000-0000-0000-000000000000',
  'N/A',
  'n/a',
  'null',
  'NULL',
  'None',
  'nil',
  'undefined',
  'unknown',
  'NOTPROVIDED',
  'NotProvided',
  'NOT PROVIDED',
  'not-available',
  'xxxxxxxx',
  '9999999999',
  '1',
  '17',
  '0042',
  '12345',
  'a7',
  '1-2',
  '2026-03-08.0',
  '2026-03-08-12',
  '20260308',
  '20260308/0003',
  '08/03/2026 1',
  '2026-03-08T0001',
])('%j identifies nothing', (id) => {
  expect(isCredible(id)).toBe(false);
});

test.each([
  'txn-f88d587a7bd5fcd16',
  '9882ks-00js',
  '123456',
  '20260308001234',
  '6f1c2a9e-0000-4000-8000-000000000001',
  'FT26067ABCDE',
  'nullable-7',
])('%j may identify a transaction', (id) => {
  expect(isCredible(id)).toBe(true);
});

test('the two kinds of ids are kept apart', () => {
  const ids = { normalisedProviderTransactionId: 'txn-1234', providerTransactionId: 'txn-1234' };
  expect(credibleIds(ids)).toEqual(['n:txn-1234', 'p:txn-1234']);
  expect(credibleIds({ ...ids, normalisedProviderTransactionId: ' ' })).toEqual(['p:txn-1234']);
});
