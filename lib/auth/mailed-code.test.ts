import { expect, test } from 'vitest';
import { codeOfLink, formatCode, isCodeOfLink, parseCode } from './mailed-code.ts';

const hashes = Array.from({ length: 2000 }, (_, index) => index.toString(16).padStart(64, '0'));

test('gives each link a code of 8 consonants, the same every time', () => {
  const codes = hashes.map(codeOfLink);
  for (const code of codes) expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
  expect(new Set(codes).size).toBe(hashes.length);
  expect(hashes.map(codeOfLink)).toEqual(codes);
  // Every letter stands in every place: none of the code is constant.
  for (let at = 0; at < 8; at++) expect(new Set(codes.map((code) => code[at])).size).toBe(20);
});

test('a code fits its own link and no other', () => {
  const [one = '', other = ''] = hashes;
  expect(isCodeOfLink(codeOfLink(one), one)).toBe(true);
  expect(isCodeOfLink(codeOfLink(one), other)).toBe(false);
  expect(isCodeOfLink('', one)).toBe(false);
});

test('reads a code as people type it, and nothing else', () => {
  expect(formatCode('BCDFGHJK')).toBe('BCDF-GHJK');
  for (const typed of ['BCDF-GHJK', 'bcdfghjk', '  bcdf ghjk\n', 'BCDF–GHJK'])
    expect(parseCode(typed)).toBe('BCDFGHJK');
  for (const typed of ['', 'BCDF-GHJ', 'BCDF-GHJKL', 'ACDF-GHJK', '12345678', 'BCDFGHJK'.repeat(5000), '\0'])
    expect(parseCode(typed)).toBeNull();
});
