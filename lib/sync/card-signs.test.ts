import { expect, test } from 'vitest';
import type { CardBalance } from '#lib/truelayer/account-schemas';
import { negate } from '#lib/truelayer/decimal';
import { withUsualSigns } from './card-signs.ts';

const NOTHING = { lastStatementBalance: null, lastStatementOn: null, paymentDue: null, paymentDueOn: null };
const aCard = (current: string, available: string | null): CardBalance => ({
  kind: 'card',
  currency: 'GBP',
  current,
  effect: negate(current),
  available,
  creditLimit: '7200',
  updatedAt: null,
  ...NOTHING,
});

test('figures that a bank has turned round are turned back', () => {
  expect(withUsualSigns(aCard('-318.24', '-6881.76'))).toMatchObject({
    current: '318.24',
    effect: '-318.24',
    available: '6881.76',
  });
});

test.each([
  ['owes within the limit', '318.24', '6881.76'],
  ['owes more than the limit', '7300', '-100'],
  ['is in credit', '-20', '7220'],
  ['doesn’t tell the rest', '-20', null],
])('a card that %s is left as it is', (_, current, available) => {
  const card = aCard(current, available);
  expect(withUsualSigns(card)).toBe(card);
});
