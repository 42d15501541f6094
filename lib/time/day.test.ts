import { expect, test } from 'vitest';
import { addDays, dayOf, daysBetween } from './day.ts';

test('counts days across months, leap years and clock changes', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  expect(daysBetween('2026-03-30', '2026-03-28')).toBe(-2);
  expect(daysBetween('2026-01-02', '2025-12-31')).toBe(-2);
});

test('the day of an instant is never ahead of London', () => {
  expect(dayOf(new Date('2026-07-01T23:30:00Z'))).toBe('2026-07-01');
});
