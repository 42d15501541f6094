import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalDecimal, negate, signOf } from './decimal.ts';

test.each([
  ['-2.99', '-2.99'],
  ['20', '20'],
  ['2150.80', '2150.8'],
  ['-0', '0'],
  ['-0.00', '0'],
  ['+12.5', '12.5'],
  ['007.10', '7.1'],
  ['.5', '0.5'],
  ['5.', '5'],
  [' 3279 ', '3279'],
  ['1e3', '1000'],
  ['1.25E+1', '12.5'],
  ['-1.5e-7', '-0.00000015'],
  ['0e999', '0'],
  ['12345678901234567890.12345678901234567891', '12345678901234567890.12345678901234567891'],
])('writes %s as %s', (text, canonical) => {
  expect(canonicalDecimal(text)).toBe(canonical);
});

test.each([
  '',
  ' ',
  '-',
  '.',
  'e5',
  '1,000.00',
  '£5',
  '0x10',
  'NaN',
  'Infinity',
  '1e999',
  '1e-200',
  '1 2',
  '9'.repeat(65),
])('takes %j for no amount', (text) => {
  expect(canonicalDecimal(text)).toBeNull();
});

/** Sign, digits and the place of the point, as a number of any size that is no float. */
function exactValue(canonical: string): [bigint, number] {
  const [whole = '', fraction = ''] = canonical.split('.');
  return [BigInt(`${whole}${fraction}`), fraction.length];
}

test('an exponent moves the point and loses nothing', () => {
  const digits = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
  fc.assert(
    fc.property(digits, fc.integer({ min: -25, max: 25 }), (number, exponent) => {
      const [value, scale] = exactValue(canonicalDecimal(`${number}e${exponent}`) ?? 'x');
      const shift = 50n;
      expect(value * 10n ** (shift - BigInt(scale))).toBe(number * 10n ** (shift + BigInt(exponent)));
    }),
  );
});

test('negating twice is nothing, and turns the sign', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), (number) => {
      const canonical = canonicalDecimal(JSON.stringify(number)) ?? 'x';
      expect(negate(negate(canonical))).toBe(canonical);
      expect(signOf(negate(canonical)) + signOf(canonical)).toBe(0);
    }),
  );
});
