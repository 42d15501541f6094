import { expect, test } from 'vitest';
import { timeRatio, toLength } from './span.ts';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));

test('an instant outside its span stays at the edge', () => {
  expect(timeRatio(at(6), at(1), at(11))).toBe(0.5);
  expect(timeRatio(at(20), at(1), at(11))).toBe(1);
  expect(timeRatio(at(1), at(6), at(11))).toBe(0);
});

test('a span without length is over', () => {
  expect(timeRatio(at(1), at(6), at(6))).toBe(1);
});

test('a length is short enough for an attribute', () => {
  expect(toLength(1 / 3)).toBe('33.3%');
  expect(toLength(0)).toBe('0%');
  expect(toLength(1)).toBe('100%');
});
