import { expect, test } from 'vitest';
import { formatIban, formatSortCode, maskIban, maskNumber, toSpokenNumber } from './account-number.ts';

test('sort codes have their hyphens', () => {
  expect(formatSortCode('201234')).toBe('20-12-34');
  expect(formatSortCode('20-12-34')).toBe('20-12-34');
  expect(formatSortCode('20 12 34')).toBe('20-12-34');
  expect(formatSortCode('2012')).toBe('2012');
});

test('a masked number shows its last digits only', () => {
  expect(maskNumber('12345678')).toBe('•••• 5678');
  expect(maskNumber('5678')).toBe('•••• 5678');
  expect(maskNumber('************1234')).toBe('•••• 1234');
  expect(maskNumber('12345')).toBe('•••• 45');
  expect(toSpokenNumber('12345678')).toBe('ending 5678');
});

test('a masked IBAN keeps its country and its end', () => {
  expect(maskIban('GB29 NWBK 6016 1331 9268 19')).toBe('GB29 •••• 6819');
  expect(maskIban('gb29nwbk60161331926819')).toBe('GB29 •••• 6819');
  expect(maskIban('12345678')).toBe('•••• 5678');
});

test('a whole IBAN is in fours', () => {
  expect(formatIban('GB29NWBK60161331926819')).toBe('GB29 NWBK 6016 1331 9268 19');
  expect(formatIban('not one')).toBe('not one');
});
