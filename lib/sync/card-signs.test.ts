import { expect, test } from 'vitest';
import type { CardBalance } from '#lib/truelayer/account-schemas';
import { negate } from '#lib/truelayer/decimal';
import { withUsualSigns } from './card-signs.ts';

const NOTHING = { lastStatementBalance: null, lastStatementOn: null, paymentDue: null, paymentDueOn: null };
const aCard = (current: string, available: string | null, creditLimit: string | null = '7200'): CardBalance => ({
  kind: 'card',
  currency: 'GBP',
  current,
  effect: negate(current),
  available,
  creditLimit,
  updatedAt: null,
  amountsAsSent: null,
  ...NOTHING,
});

test.each([
  ['-318.24', '-6881.76', '7200', '318.24', '6881.76', '7200'],
  ['-318.24', '-6881.76', '-7200', '318.24', '6881.76', '7200'],
  ['-318.24', '-6881.76', null, '318.24', '6881.76', null],
  ['-7199.99', '-0.01', '7200', '7199.99', '0.01', '7200'],
  ['-1000', '-3200', '7200', '1000', '3200', '7200'],
  ['0', '-7200', '7200', '0', '7200', '7200'],
])(
  'figures that a bank has turned round are turned back: %s, %s of %s',
  (current, available, limit, owed, left, usualLimit) => {
    expect(withUsualSigns(aCard(current, available, limit))).toMatchObject({
      current: owed,
      effect: negate(owed),
      available: left,
      creditLimit: usualLimit,
    });
  },
);

test.each([
  ['owes within the limit', '318.24', '6881.76'],
  ['owes more than the limit', '7300', '-100'],
  ['is in credit', '-20', '7220'],
  ['doesn’t tell the rest', '-20', null],
  ['is over its limit with nothing booked', '0', '-100'],
  ['is over its limit with nothing booked and doesn’t tell the limit', '0', '-100', null],
  ['is a penny over its limit with nothing booked', '0', '-0.01'],
  ['is over a small limit by pending payments alone', '0', '-499.5', '500'],
  ['is in credit, and over its limit by pending payments', '-20', '-80'],
  ['owes nothing and has nothing left', '0', '0'],
])('a card that %s is left as it is', (_, current, available, limit = '7200') => {
  const card = aCard(current, available, limit);
  expect(withUsualSigns(card)).toBe(card);
});
