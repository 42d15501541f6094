import { expect, test } from 'vitest';
import { listAccounts } from '#lib/accounts/list-accounts';
import { createContext, inTransaction } from '#lib/context/context';
import { formatMoney } from '#lib/format/money';
import { addBareConnection } from '#lib/testing/add-account';
import { addUser, linkPerson } from '#lib/testing/link-person';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { parseAccounts, parseBalance } from '#lib/truelayer/parse';
import { listedAccount } from './listed-account.ts';
import { storeAccounts } from './store-accounts.ts';
import { storeBalance } from './store-balance.ts';

const standIn = aStandIn();

const wire = (row: object) => Buffer.from(JSON.stringify({ results: [row], status: 'Succeeded' }));

test.each([
  ['nothing but its id', {}],
  ['a currency that is none', { currency: '£', account_type: 'WALLET' }],
  ['no number and no bank', { currency: null, account_number: null, provider: null, display_name: null }],
])('an account that is listed with %s is there, and has the currency of its first balance', async (_, odd) => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const userId = await addUser(ctx);
  const connectionId = await addBareConnection(ctx, { userId });
  const { items, setAside } = parseAccounts(wire({ account_id: `a-${connectionId}`, ...odd }));
  expect(setAside).toEqual([]);
  const listed = items.map(listedAccount);
  const input = { listed, hashKey: Buffer.alloc(32, 1), isWhole: true };
  await inTransaction(ctx, (tx) => storeAccounts(tx, { connectionId, userId }, 'account', input));
  const { id, currency } = await ctx.db.bankAccount.findFirstOrThrow({ where: { connectionId } });
  expect(currency).toBe('XXX');
  expect(formatMoney('12.5', currency)).not.toMatch(/XXX|¤/);
  for (const balance of [{ current: 1 }, { current: 2, currency: 'SEK' }, { current: 3 }]) {
    const [read] = parseBalance(wire(balance), 'account').items;
    if (read === undefined) throw new Error('no balance');
    await inTransaction(ctx, (tx) => storeBalance(tx, id, read, new Date(Date.UTC(2026, 10, balance.current))));
  }
  expect(await ctx.db.bankAccount.findUniqueOrThrow({ where: { id } })).toMatchObject({
    currency: 'SEK',
    balanceCurrency: 'SEK',
  });
});

test('without a balance, an account’s currency is that of its transactions', async () => {
  const permissions = ['accounts', 'transactions', 'offline_access'];
  const { ctx, system, connectionId } = await linkPerson(standIn.url, { bankId: 'ob-barclays', permissions });
  await syncFully(system, connectionId);
  const where = { connectionId };
  expect((await listAccounts(ctx)).map(({ currency }) => currency)).toContain('GBP');
  await system.db.bankAccount.updateMany({ where, data: { currency: 'XXX' } });
  await system.db.truelayerCall.deleteMany({ where });
  await system.db.accountResource.deleteMany({ where: { account: where } });
  await syncFully(system, connectionId);
  expect(new Set((await listAccounts(ctx)).map(({ currency }) => currency))).toEqual(new Set(['GBP']));
});
