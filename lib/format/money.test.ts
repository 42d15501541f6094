import { expect, test } from 'vitest';
import { formatMoney, splitMoney, toSpokenBalance, toSpokenMovement } from './money.ts';

test('shows pounds with pence and a true minus sign', () => {
  expect(formatMoney('1238.6', 'GBP')).toBe('£1,238.60');
  expect(formatMoney('-4', 'GBP')).toBe('−£4.00');
  expect(formatMoney('-0.00', 'GBP')).toBe('£0.00');
});

test('keeps every digit of an amount that a float would change', () => {
  expect(formatMoney('9007199254740993.01', 'GBP')).toBe('£9,007,199,254,740,993.01');
  expect(formatMoney('0.30000000000000004', 'GBP')).toBe('£0.30000000000000004');
  expect(formatMoney('12.3456', 'JPY')).toBe('JP¥12.3456');
});

test('uses the digits that a currency has', () => {
  expect(formatMoney('1200', 'JPY')).toBe('JP¥1,200');
  expect(formatMoney('1200', 'EUR')).toBe('€1,200.00');
  expect(formatMoney('1200', 'USD')).toBe('US$1,200.00');
  expect(formatMoney('1.5', 'KWD')).toMatch(/^KWD\s1\.500$/);
});

test('says the sign of a movement only where there is one', () => {
  expect(formatMoney('12', 'GBP', 'always')).toBe('+£12.00');
  expect(formatMoney('-12', 'GBP', 'always')).toBe('−£12.00');
  expect(formatMoney('0', 'GBP', 'always')).toBe('£0.00');
  expect(formatMoney('-12', 'GBP', 'never')).toBe('£12.00');
});

test('a currency nobody knows still shows its amount', () => {
  expect(formatMoney('1.5', 'points')).toBe('1.5 points');
  expect(formatMoney('-1500', '')).toBe('−1,500');
  expect(formatMoney('1.50', 'QQQ')).toMatch(/^QQQ\s1\.50$/);
});

test('splits the pence off', () => {
  expect(splitMoney('-1238.6', 'GBP')).toEqual({ whole: '−£1,238', fraction: '.60' });
  expect(splitMoney('1200', 'JPY')).toEqual({ whole: 'JP¥1,200', fraction: '' });
});

test('reads signs out in words', () => {
  expect(toSpokenBalance('-20.5', 'GBP')).toBe('minus £20.50');
  expect(toSpokenBalance('20.5', 'GBP')).toBe('£20.50');
  expect(toSpokenMovement('-20.5', 'GBP')).toBe('£20.50 out');
  expect(toSpokenMovement('20.5', 'GBP')).toBe('£20.50 in');
  expect(toSpokenMovement('0', 'GBP')).toBe('£0.00');
});
