import { expect, test } from 'vitest';
import { toExpiryWords } from './expiry-words.ts';

const now = new Date('2026-06-10T09:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000 + 3_600_000);
const words = (days: number) => toExpiryWords([{ bankName: 'NatWest', until: inDays(days) }], now);

test('says nothing while the end is far', () => {
  expect(words(15)).toBeNull();
  expect(toExpiryWords([], now)).toBeNull();
});

test('each step of urgency has words of its own', () => {
  const titles = [14, 7, 3, 1, 0, -2].map((days) => words(days)?.title);
  expect(titles).toEqual([
    'Sharing with NatWest ends in 14 days',
    'One week or less: sharing with NatWest ends in 7 days',
    'Only 3 days left of sharing with NatWest',
    'Sharing with NatWest ends tomorrow',
    'Last day: sharing with NatWest ends today at 11:00',
    'Sharing with NatWest has ended',
  ]);
});

test('the end always has its date or its time', () => {
  expect(words(14)?.detail).toContain('24 June 2026');
  expect(words(3)?.detail).toContain('13 June 2026');
  expect(words(1)?.detail).toContain('11:00');
});

test('the first to end sets the tone, and every bank is counted', () => {
  const consents = ['Monzo', 'NatWest', 'HSBC', 'Starling'].map((bankName, index) => ({
    bankName,
    until: inDays(3 + index),
  }));
  expect(toExpiryWords(consents, now)?.title).toBe('Only 3 days left of sharing with Monzo, NatWest and 2 other banks');
});

test('an ended consent does not count those that still run', () => {
  const consents = [
    { bankName: 'Monzo', until: inDays(-1) },
    { bankName: 'NatWest', until: inDays(5) },
  ];
  expect(toExpiryWords(consents, now)?.title).toBe('Sharing with Monzo has ended');
});
