import { expect, test } from 'vitest';
import { readRefusalDescription } from './refusal-description.ts';

test.each([
  ['The user cancelled at the bank', 'The user cancelled at the bank'],
  ['  two\r\nlines\u0000 \u202e and\tmore ', 'two lines and more'],
  ['code=abc refused', '[redacted] refused'],
  ['token eyJhbGciOi.J9 is over', 'token [redacted] is over'],
  ['grant 0a1b2c3d4e5f6a7b8c9d expired', 'grant [redacted] expired'],
  [`secret ${'k'.repeat(43)} leaked`, 'secret [redacted] leaked'],
  ['account 31510604, sort code 20-00-00', 'account [redacted] sort code 20-00-00'],
  ['mail john@example.com now', 'mail [redacted] now'],
  ['see https://evil.example/x', 'see [redacted]'],
  ['half \ud800 of a character', 'half � of a character'],
])('keeps of %j what says why: %j', (text, kept) => {
  expect(readRefusalDescription(text)).toBe(kept);
});

test('keeps 300 characters at most, and nothing of nothing', () => {
  expect(readRefusalDescription('why '.repeat(1000))).toHaveLength(299);
  for (const nothing of [null, '', ' \u0000\n']) expect(readRefusalDescription(nothing)).toBeNull();
});
