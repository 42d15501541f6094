import { expect, test } from 'vitest';
import { findExpressions } from './find-expressions.ts';
import { findSuperLinear } from './find-super-linear.ts';

const growthOf = ({ source, flags }: RegExp) => findSuperLinear({ source, flags })?.growth ?? 'linear';

test.each([
  // The one that blocked the web process: three loops over the same characters, tried at each place.
  / (?:EUR|GBP) ?\d[\d.,]*(?: ?@ ?\d[\d.]*)?(?: .*RATE)?$/,
  /\*\S*\d\S*$/,
  /^\s*\s*x/,
  /0+$/,
  /,.*,.*$/,
  /<[^>]*>/,
  /^.*a.*$/,
  /android(?!.*mobile)/i,
  /\bsteak\w*\b/,
  /x[a-z]{3,40}y/,
])('finds that %s grows faster than the text', (expression) => {
  expect(growthOf(expression)).toBe('polynomial');
});

test.each([/^(a+)+$/, /^(?:a|a)*b/, /^(?:a?b?)*$/, /^(?:a|ab|b)*c/, /(?:\w+\s?)*$/u, /^(?:(a*|b*)c)*$/])(
  'finds that %s grows exponentially',
  (expression) => {
    expect(growthOf(expression)).toBe('exponential');
  },
);

test.each([
  /^[a-z]+$/,
  /\s+/g,
  /[^a-z0-9]+/g,
  /<[^<>]*>/,
  /^(?:a|b)*c/,
  /^(\d)-\1x/,
  /a{3}b{1,200}$/,
  /\p{L}\p{L}|\p{L}\d|\d\p{L}/u,
  /^a*(?:b|$)/,
  /(?<=\.)0/,
  /^(?=\S*\d)\S+$/,
  /(?:a|^)b/,
  /[a-c]*/,
  /\bsteak/,
  /,[^,]*$/,
])('finds that %s is linear', (expression) => {
  expect(growthOf(expression)).toBe('linear');
});

test('refuses lookbehind and back references of unbounded length', () => {
  for (const source of ['(?<=a+)b', '^(\\d+)\\1$']) {
    expect(() => findSuperLinear({ source, flags: '' })).toThrow('unbounded');
  }
});

test('finds literals, and calls of RegExp with and without a text that is written there', () => {
  const text =
    "const a = /x+/giu; new RegExp('y'); RegExp('z', 'i');\nconst b = new RegExp(a.source); // /not this/\n'/nor this/'";
  expect(findExpressions('some/file.ts', text)).toEqual({
    literals: [
      { at: 'some/file.ts:1', source: 'x+', flags: 'giu' },
      { at: 'some/file.ts:1', source: 'y', flags: '' },
      { at: 'some/file.ts:1', source: 'z', flags: 'i' },
    ],
    constructions: ['some/file.ts:2'],
  });
});
