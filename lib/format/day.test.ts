import { expect, test } from 'vitest';
import { toDayWords, toFullDay, toLondonDay, toMonth } from './day.ts';

test('an instant belongs to the day that London has', () => {
  expect(toLondonDay(new Date('2026-01-01T23:30:00Z'))).toBe('2026-01-01');
  expect(toLondonDay(new Date('2026-07-01T23:30:00Z'))).toBe('2026-07-02');
});

test('near days have names', () => {
  expect(toDayWords('2026-03-03', '2026-03-03')).toBe('Today');
  expect(toDayWords('2026-03-02', '2026-03-03')).toBe('Yesterday');
  expect(toDayWords('2026-03-04', '2026-03-03')).toBe('Tomorrow');
  expect(toDayWords('2025-12-31', '2026-01-01')).toBe('Yesterday');
});

test('other days of this year drop the year, and days of other years keep it', () => {
  expect(toDayWords('2026-03-03', '2026-06-01')).toBe('Tue 3 March');
  expect(toDayWords('2026-03-03', '2027-06-01')).toBe('3 March 2026');
  expect(toDayWords('2024-02-29', '2026-06-01')).toBe('29 February 2024');
});

test('a full day names its year', () => {
  expect(toFullDay('2026-03-03')).toBe('3 March 2026');
  expect(toMonth('2026-03-03')).toBe('March 2026');
});

test('refuses what is not a day', () => {
  for (const text of ['', 'today', '2026-3-3', '2026-13-01', '03/03/2026']) {
    expect(() => toFullDay(text)).toThrow(RangeError);
  }
});
