import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundAmounts, withoutNoise } from './currency-digits.ts';
import { canonicalDecimal } from './decimal.ts';

test.each([
  ['29647.4000000000000297', 'GBP', '29647.4'],
  ['0.30000000000000004', 'EUR', '0.3'],
  ['-19.989999999999998', 'USD', '-19.99'],
  ['1.1500000000000001', 'GBP', '1.15'],
  ['-0.000000000000000055', 'GBP', '0'],
  ['999.99999999999', 'SEK', '1000'],
  ['12.3400001', 'GBP', '12.34'],
  ['47.400001525878906', 'GBP', '47.4'],
  ['1234567890.1199999', 'GBP', '1234567890.12'],
  ['0.005000000001', 'GBP', '0.01'],
  ['-0.005000000001', 'GBP', '-0.01'],
  ['1500.0000000001', 'JPY', '1500'],
  ['1499.9999999999', 'KRW', '1500'],
  ['0.1234999999999', 'KWD', '0.123'],
  ['1.2340000000001', 'BHD', '1.234'],
  ['0.1234000000000001', 'CLF', '0.1234'],
  ['0.30000000000000004', 'BTC', '0.3'],
  ['0.30000000000000004', 'XAU', '0.3'],
  ['0.30000000000000004', null, '0.3'],
])('takes the noise off %s %s: %s', (sent, currency, kept) => {
  expect(withoutNoise(sent, currency)).toBe(kept);
});

test.each([
  ['12.34', 'GBP'],
  ['12', 'GBP'],
  ['0.0125', 'GBP'],
  ['12.345', 'EUR'],
  ['1.34999', 'GBP'],
  ['0.0000001', 'GBP'],
  ['100.5', 'JPY'],
  ['0.123', 'KWD'],
  ['0.00012345', 'BTC'],
  ['0.123456789012345678', 'ETH'],
  ['1.0311034768', 'XAU'],
])('leaves what %s %s says', (sent, currency) => {
  expect(withoutNoise(sent, currency)).toBe(sent);
});

test('what adding and multiplying floats makes of pence comes out as pence', () => {
  const pence = fc.integer({ min: -10_000_000, max: 10_000_000 });
  fc.assert(
    fc.property(fc.array(pence, { minLength: 1, maxLength: 30 }), (all) => {
      const asFloats = all.reduce((sum, each) => sum + each / 100, 0);
      const exact = all.reduce((sum, each) => sum + BigInt(each), 0n);
      const sent = canonicalDecimal(JSON.stringify(asFloats)) ?? '';
      const digits = String(exact < 0n ? -exact : exact).padStart(3, '0');
      const expected = canonicalDecimal(`${exact < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`);
      expect(withoutNoise(sent, 'GBP')).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('says which of several amounts had noise, and what they were', () => {
  expect(roundAmounts({ current: '0.30000000000000004', available: '1.5', overdraft: null }, 'GBP')).toEqual({
    kept: { current: '0.3', available: '1.5', overdraft: null },
    asSent: { current: '0.30000000000000004' },
  });
  expect(roundAmounts({ current: '0.3' }, 'GBP').asSent).toBeNull();
});
