import { expect, test } from 'vitest';
import { daysLeft, expiryUrgency, toDaysLeft } from './days-left.ts';

const now = new Date('2026-06-10T14:05:00Z');
const at = (text: string) => new Date(text);

test('days left are calendar days in London', () => {
  expect(daysLeft(at('2026-06-10T22:59:00Z'), now)).toBe(0);
  expect(daysLeft(at('2026-06-10T23:01:00Z'), now)).toBe(1);
  expect(daysLeft(at('2026-06-24T00:00:00Z'), now)).toBe(14);
});

test('the end is said in words', () => {
  expect(toDaysLeft(at('2026-06-24T12:00:00Z'), now)).toBe('in 14 days');
  expect(toDaysLeft(at('2026-06-11T01:00:00Z'), now)).toBe('tomorrow');
  expect(toDaysLeft(at('2026-06-10T20:00:00Z'), now)).toBe('today');
  expect(toDaysLeft(at('2026-06-10T08:00:00Z'), now)).toBe('ended today');
  expect(toDaysLeft(at('2026-06-09T08:00:00Z'), now)).toBe('ended yesterday');
  expect(toDaysLeft(at('2026-06-07T08:00:00Z'), now)).toBe('ended 3 days ago');
});

test('an end that has come is never shown as still ahead', () => {
  expect(toDaysLeft(now, now)).toBe('ended today');
  expect(expiryUrgency(now, now)).toBe('ended');
});

test('urgency rises at 14, 7, 3, 1 and 0 days', () => {
  const inDays = (days: number) => expiryUrgency(new Date(now.getTime() + days * 86_400_000 + 60_000), now);
  expect([15, 14, 8, 7, 4, 3, 2, 1, 0, -1].map(inDays)).toEqual([
    'none',
    'fortnight',
    'fortnight',
    'week',
    'week',
    'days',
    'days',
    'tomorrow',
    'today',
    'ended',
  ]);
});
