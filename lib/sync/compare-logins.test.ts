import { expect, test } from 'vitest';
import { compareLogins } from './compare-logins.ts';
import type { FormerAccount } from './pair-accounts.ts';

const account = (id: string, rest: Partial<FormerAccount> = {}): FormerAccount => ({
  id,
  trueLayerId: `truelayer ${id}`,
  kind: 'account',
  type: 'TRANSACTION',
  name: 'Current account',
  currency: 'GBP',
  cardNetwork: null,
  numberHash: null,
  isOfConnection: true,
  goneDays: null,
  isJoined: false,
  ...rest,
});
const number = (text: string) => ({ numberHash: Buffer.from(text) });

test('the pockets of one number are recognised by currency, and the login with them', () => {
  const pockets = (side: string) =>
    ['GBP', 'EUR', 'USD'].map((currency) => account(`${side} ${currency}`, { ...number('iban'), currency }));
  expect(compareLogins(pockets('later').toReversed(), pockets('earlier'))).toMatchObject({
    isSameLogin: true,
    twins: ['USD', 'EUR', 'GBP'].map((currency) => ({
      laterId: `later ${currency}`,
      earlierId: `earlier ${currency}`,
    })),
    unsure: [],
  });
});

test('accounts that share number, currency, type and name are the same login’s, though not which is which', () => {
  const pots = (side: string) => ['1', '2'].map((n) => account(`${side} ${n}`, number('iban')));
  const match = compareLogins(pots('later'), pots('earlier'));
  expect(match).toMatchObject({ isSameLogin: true, twins: [] });
  expect(match.unsure).toHaveLength(2);
});

test('one pot where the other login has two of the number is not all of them', () => {
  const [one, two] = ['1', '2'].map((n) => account(`earlier ${n}`, number('iban')));
  const earlier = [one, two].flatMap((each) => each ?? []);
  expect(compareLogins([account('later', number('iban'))], earlier).isSameLogin).toBe(false);
});

test('a joint account seen by two logins is a twin, and the logins are two', () => {
  const earlier = [account('mine', number('1')), account('ours', { ...number('2'), name: 'Joint' })];
  const later = [account('hers', number('3')), account('ours too', { ...number('2'), name: 'Joint' })];
  expect(compareLogins(later, earlier)).toEqual({
    isSameLogin: false,
    twins: [{ laterId: 'ours too', earlierId: 'ours' }],
    unsure: [],
  });
});

test('accounts that are merely alike prove nothing', () => {
  const earlier = [account('1', number('1')), account('2', { kind: 'card', type: null, name: 'Card' })];
  const later = [account('3', number('1')), account('4', { kind: 'card', type: null, name: 'Card' })];
  expect(compareLogins(later, earlier)).toMatchObject({
    isSameLogin: false,
    twins: [{ laterId: '3', earlierId: '1' }],
  });
  expect(compareLogins([account('3')], [account('1')]).isSameLogin).toBe(false);
});

test('a newer login may have more than the older one', () => {
  const later = [account('a', number('1')), account('b', number('2'))];
  expect(compareLogins(later, [account('c', number('2'))]).isSameLogin).toBe(true);
  expect(compareLogins(later, []).isSameLogin).toBe(false);
});
