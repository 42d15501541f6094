import { expect, test } from 'vitest';
import { actingAs, createContext, inTransaction } from '#lib/context/context';
import { storeBalance } from '#lib/sync/store-balance';
import { addAccount } from '#lib/testing/add-account';
import { parseBalance } from '#lib/truelayer/parse';
import { getAccount } from './get-account.ts';
import { listAccounts } from './list-accounts.ts';
import { sumBalances } from './sum-balances.ts';

type Figures = { current: number; available?: number; credit_limit?: number; currency?: string | null };

/** A user with a current account of £100 and a card that its bank sends these figures of. */
async function aCardWith(figures: Figures) {
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { userId, connectionId, accountId } = await addAccount(system, { kind: 'card' });
  const account = await addAccount(system, { userId, connectionId });
  const read = (body: object, kind: 'account' | 'card') => {
    const { items } = parseBalance(Buffer.from(JSON.stringify({ results: [body], status: 'Succeeded' })), kind);
    const [balance] = items;
    if (balance === undefined) throw new Error('no balance');
    return balance;
  };
  await inTransaction(system, async (tx) => {
    await storeBalance(tx, accountId, read({ currency: 'GBP', ...figures }, 'card'), tx.clock.now());
    await storeBalance(tx, account.accountId, read({ currency: 'GBP', current: 100 }, 'account'), tx.clock.now());
  });
  return { ctx: actingAs(system, { kind: 'user', userId }), cardId: accountId };
}

test.each([
  ['is overpaid', { current: -20, available: 7220, credit_limit: 7200 }, '-20', '7220', '120'],
  ['is overpaid and doesn’t tell the rest', { current: -20.55 }, '-20.55', null, '120.55'],
  [
    'is overpaid, with pending payments beyond its limit',
    { current: -20, available: -80, credit_limit: 7200 },
    '-20',
    '-80',
    '120',
  ],
  ['is over its limit with nothing booked', { current: 0, available: -100, credit_limit: 7200 }, '0', '-100', '100'],
  ['is over its limit', { current: 7300, available: -100, credit_limit: 7200 }, '7300', '-100', '-7200'],
  ['is owed on', { current: 30, available: 7170, credit_limit: 7200 }, '30', '7170', '70'],
  [
    'is turned round by its bank',
    { current: -318.24, available: -6881.76, credit_limit: 7200 },
    '318.24',
    '6881.76',
    '-218.24',
  ],
  ['is owed a float’s noise', { current: 0.30000000000000004, available: 1 }, '0.3', '1', '99.7'],
])('a card that %s says so in its account, and in the total', async (_, figures, current, available, total) => {
  const { ctx, cardId } = await aCardWith(figures);
  expect((await getAccount(ctx, { accountId: cardId })).balance).toMatchObject({ current, available });
  expect((await listAccounts(ctx)).find(({ id }) => id === cardId)?.balance).toMatchObject({ current, available });
  const [sum, ...others] = await sumBalances(ctx);
  expect(others).toEqual([]);
  expect(Number(sum?.amount)).toBe(Number(total));
});

test('a card’s balance without a currency is in the card’s', async () => {
  const { ctx, cardId } = await aCardWith({ current: -20, currency: null });
  expect((await getAccount(ctx, { accountId: cardId })).balance).toMatchObject({ current: '-20', currency: 'GBP' });
});
