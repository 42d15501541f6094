import { expect, test } from 'vitest';
import { toDurationWords, toShortDuration } from './duration.ts';

test('people get the largest whole unit', () => {
  expect(toDurationWords(59_999)).toBe('less than a minute');
  expect(toDurationWords(60_000)).toBe('1 minute');
  expect(toDurationWords(3_600_000 * 3.9)).toBe('3 hours');
  expect(toDurationWords(86_400_000 * 90)).toBe('90 days');
});

test('operators get two units', () => {
  expect(toShortDuration(340.4)).toBe('340 ms');
  expect(toShortDuration(1249)).toBe('1.2 s');
  expect(toShortDuration(2000)).toBe('2 s');
  expect(toShortDuration(125_000)).toBe('2 min 5 s');
  expect(toShortDuration(120_000)).toBe('2 min');
  expect(toShortDuration(3_600_000 + 600_000)).toBe('1 h 10 min');
  expect(toShortDuration(4 * 86_400_000 + 2 * 3_600_000)).toBe('4 d 2 h');
});
