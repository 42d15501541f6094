import { expect, test } from 'vitest';
import { compareDecimals, fractionDigitsOf, isDecimalText, signOf, toRatio } from './decimal.ts';

test('only plain decimals count as amounts', () => {
  for (const text of ['0', '-0.00', '12', '12.5', '-1238.60', '0001']) expect(isDecimalText(text)).toBe(true);
  for (const text of ['', '1e5', '1,000', '.5', '5.', '+1', 'NaN', 'Infinity', ' 1', '£1', '--1']) {
    expect(isDecimalText(text)).toBe(false);
    expect(() => signOf(text)).toThrow(RangeError);
  }
});

test('minus nothing is nothing', () => {
  expect(signOf('-0.00')).toBe('zero');
  expect(signOf('-0.01')).toBe('negative');
  expect(signOf('0.01')).toBe('positive');
});

test('zeros at the end say nothing', () => {
  expect(fractionDigitsOf('1.500')).toBe(1);
  expect(fractionDigitsOf('1.000')).toBe(0);
  expect(fractionDigitsOf('12')).toBe(0);
  expect(fractionDigitsOf('100')).toBe(0);
  expect(fractionDigitsOf('0.0001')).toBe(4);
});

test('compares amounts that a float cannot tell apart', () => {
  expect(compareDecimals('9007199254740993.01', '9007199254740993.02')).toBe(-1);
  expect(compareDecimals('0.1', '0.10')).toBe(0);
  expect(compareDecimals('-2', '-10.5')).toBe(1);
  expect(compareDecimals('-0.5', '0')).toBe(-1);
});

test('places an amount within its range', () => {
  expect(toRatio('50', '0', '100')).toBe(0.5);
  expect(toRatio('-100', '-100', '300')).toBe(0);
  expect(toRatio('0', '-100.00', '300.0')).toBe(0.25);
  expect(toRatio('7', '7', '7')).toBe(0.5);
});
