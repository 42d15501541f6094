import { expect, test } from 'vitest';
import { formatCount, toCount, toList, toPercent } from './count.ts';

test('one is not many', () => {
  expect(toCount(1, 'account')).toBe('1 account');
  expect(toCount(0, 'account')).toBe('0 accounts');
  expect(toCount(1204, 'transaction')).toBe('1,204 transactions');
  expect(toCount(2, 'entry', 'entries')).toBe('2 entries');
  expect(formatCount(1_000_000)).toBe('1,000,000');
});

test('a share is never rounded up to all or down to nothing', () => {
  expect(toPercent(38, 100)).toBe('38%');
  expect(toPercent(1, 1000)).toBe('less than 1%');
  expect(toPercent(999, 1000)).toBe('99%');
  expect(toPercent(1000, 1000)).toBe('100%');
  expect(toPercent(0, 1000)).toBe('0%');
  expect(toPercent(0, 0)).toBe('0%');
});

test('lists read as a sentence', () => {
  expect(toList([])).toBe('');
  expect(toList(['Balances'])).toBe('Balances');
  expect(toList(['Balances', 'transactions', 'regular payments'])).toBe('Balances, transactions and regular payments');
});
