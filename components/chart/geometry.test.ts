import { expect, test } from 'vitest';
import { rangeOf, stepPath, yOf, zeroLine } from './geometry.ts';

test('finds the range of amounts that a float would mix up', () => {
  expect(rangeOf(['10', '9007199254740993.02', '9007199254740993.01', '-3.5'])).toEqual({
    low: '-3.5',
    high: '9007199254740993.02',
  });
  expect(rangeOf([])).toEqual({ low: '0', high: '0' });
});

test('draws high amounts high', () => {
  const range = { low: '0', high: '100' };
  expect(yOf('100', range)).toBe(0);
  expect(yOf('0', range)).toBe(300);
  expect(stepPath(['0', '100'], range)).toBe('M0 300H500V0H1000');
});

test('draws one amount as a level line and none as nothing', () => {
  expect(stepPath(['7'], { low: '7', high: '7' })).toBe('M0 150H1000');
  expect(stepPath([], { low: '0', high: '0' })).toBe('');
});

test('nought is marked only where the line crosses it', () => {
  expect(zeroLine({ low: '-50', high: '50' })).toBe(150);
  expect(zeroLine({ low: '0', high: '50' })).toBeNull();
  expect(zeroLine({ low: '-50', high: '-1' })).toBeNull();
});
