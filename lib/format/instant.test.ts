import { expect, test } from 'vitest';
import { toAgo, toFullInstant, toInstantWords, toTime } from './instant.ts';

const now = new Date('2026-06-10T14:05:00Z');

test('times are London times, summer and winter', () => {
  expect(toTime(new Date('2026-06-10T14:05:00Z'))).toBe('15:05');
  expect(toTime(new Date('2026-01-10T14:05:00Z'))).toBe('14:05');
  expect(toTime(new Date('2026-01-10T00:05:00Z'))).toBe('00:05');
});

test('an instant says its day and its time', () => {
  expect(toInstantWords(new Date('2026-06-10T06:00:00Z'), now)).toBe('Today at 07:00');
  expect(toInstantWords(new Date('2026-06-09T22:59:00Z'), now)).toBe('Yesterday at 23:59');
  expect(toInstantWords(new Date('2026-03-03T10:00:00Z'), now)).toBe('Tue 3 March at 10:00');
  expect(toInstantWords(new Date('2025-03-03T10:00:00Z'), now)).toBe('3 March 2025 at 10:00');
});

test('another zone has its own days and times', () => {
  const late = new Date('2026-06-09T22:30:00Z');
  expect(toTime(late, 'Europe/Helsinki')).toBe('01:30');
  expect(toInstantWords(late, now, 'Europe/Helsinki')).toBe('Today at 01:30');
  expect(toInstantWords(late, now)).toBe('Yesterday at 23:30');
  expect(toFullInstant(late, 'Europe/Berlin')).toMatch(/^10 June 2026 at 00:30:00 /);
});

test('a full instant names its zone', () => {
  expect(toFullInstant(new Date('2026-06-10T14:05:09Z'))).toBe('10 June 2026 at 15:05:09 BST');
  expect(toFullInstant(new Date('2026-01-10T14:05:09Z'))).toBe('10 January 2026 at 14:05:09 GMT');
});

test('says how long ago, or in how long', () => {
  const ago = (text: string) => toAgo(new Date(text), now);
  expect(ago('2026-06-10T14:04:30Z')).toBe('just now');
  expect(ago('2026-06-10T14:05:30Z')).toBe('just now');
  expect(ago('2026-06-10T14:04:00Z')).toBe('1 minute ago');
  expect(ago('2026-06-10T13:06:00Z')).toBe('59 minutes ago');
  expect(ago('2026-06-10T11:00:00Z')).toBe('3 hours ago');
  expect(ago('2026-06-10T17:05:00Z')).toBe('in 3 hours');
  expect(ago('2026-06-09T14:00:00Z')).toBe('yesterday');
  expect(ago('2026-06-11T14:10:00Z')).toBe('tomorrow');
  expect(ago('2026-06-06T14:00:00Z')).toBe('4 days ago');
});
