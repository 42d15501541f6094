import { expect, test } from 'vitest';
import { getAccount } from '#lib/accounts/get-account';
import { listAccounts } from '#lib/accounts/list-accounts';
import { sumBalances } from '#lib/accounts/sum-balances';
import { sumSpending } from '#lib/accounts/sum-spending';
import { listConnections } from '#lib/connections/list-connections';
import { actingAs, createContext } from '#lib/context/context';
import { enrichAccount } from '#lib/enrich/enrich-account';
import { addAccount } from '#lib/testing/add-account';
import { addUser } from '#lib/testing/link-person';
import { storeRows } from '#lib/testing/store-rows';
import { addDays, dayOf } from '#lib/time/day';
import { getAccountSettings } from './get-account-settings.ts';
import { hideAccount } from './hide-account.ts';
import { renameAccount } from './rename-account.ts';
import { stopAccountSync } from './stop-account-sync.ts';

async function aUser() {
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const first = await addAccount(system);
  const second = await addAccount(system, first);
  const balance = { balanceAt: system.clock.now(), balanceCurrency: 'GBP' };
  await system.db.bankAccount.update({ where: { id: first.accountId }, data: { ...balance, currentBalance: '10.00' } });
  await system.db.bankAccount.update({ where: { id: second.accountId }, data: { ...balance, currentBalance: '2.50' } });
  const ctx = actingAs(system, { kind: 'user', userId: first.userId });
  const stranger = actingAs(system, { kind: 'user', userId: await addUser(system) });
  return { ctx, system, stranger, accountId: first.accountId, otherId: second.accountId, userId: first.userId };
}

test('the user’s name for an account is used everywhere, and the bank’s stays beside it', async () => {
  const { ctx, accountId } = await aUser();
  expect(await getAccount(ctx, { accountId })).toMatchObject({ name: 'Current account', nameAtBank: null });
  await renameAccount(ctx, { accountId, name: '  Rent\n and   bills ' });
  const renamed = { name: 'Rent and bills', nameAtBank: 'Current account' };
  expect(await getAccount(ctx, { accountId })).toMatchObject(renamed);
  expect((await listAccounts(ctx)).find(({ id }) => id === accountId)).toMatchObject(renamed);
  const [connection] = await listConnections(ctx);
  expect(connection?.accounts.find(({ id }) => id === accountId)?.name).toBe('Rent and bills');
  await renameAccount(ctx, { accountId, name: ' ' });
  expect(await getAccount(ctx, { accountId })).toMatchObject({ name: 'Current account', nameAtBank: null });
});

test('a name that is too long is refused and changes nothing', async () => {
  const { ctx, accountId } = await aUser();
  await expect(renameAccount(ctx, { accountId, name: 'x'.repeat(81) })).rejects.toThrow();
  await renameAccount(ctx, { accountId, name: 'x'.repeat(80) });
  expect((await getAccount(ctx, { accountId })).name).toHaveLength(80);
});

test('a hidden account is in no list, total or spending until it is asked for or shown again', async () => {
  const { ctx, system, accountId, otherId } = await aUser();
  const today = dayOf(ctx.clock.now());
  const window = { from: addDays(today, -1), to: today };
  for (const id of [accountId, otherId]) {
    await storeRows(system, id, { window, rows: [[today, -5, 'PRET A MANGER']] });
    await enrichAccount(system, { accountId: id });
  }
  const spent = async () => (await sumSpending(ctx)).total?.thisMonth;
  expect([await sumBalances(ctx), await spent()]).toEqual([[{ currency: 'GBP', amount: '12.50', accounts: 2 }], '10']);
  await hideAccount(ctx, { accountId, isHidden: true });
  expect((await listAccounts(ctx)).map(({ id }) => id)).toEqual([otherId]);
  expect((await listAccounts(ctx, { withHidden: true })).map(({ id }) => id).sort()).toEqual(
    [accountId, otherId].sort(),
  );
  expect([await sumBalances(ctx), await spent()]).toEqual([[{ currency: 'GBP', amount: '2.50', accounts: 1 }], '5']);
  await hideAccount(ctx, { accountId, isHidden: false });
  expect([await sumBalances(ctx), await spent()]).toEqual([[{ currency: 'GBP', amount: '12.50', accounts: 2 }], '10']);
});

test('each change is audited, and nobody makes it for another user', async () => {
  const { ctx, system, stranger, accountId } = await aUser();
  const nobody = actingAs(system, { kind: 'nobody' });
  for (const change of [
    (as: typeof ctx) => renameAccount(as, { accountId, name: 'Mine' }),
    (as: typeof ctx) => hideAccount(as, { accountId, isHidden: true }),
    (as: typeof ctx) => stopAccountSync(as, { accountId, isStopped: true }),
  ]) {
    await expect(change(stranger)).rejects.toMatchObject({ kind: 'not_found', code: 'account_not_found' });
    await expect(change(nobody)).rejects.toMatchObject({ kind: 'unauthenticated' });
  }
  await expect(getAccountSettings(stranger, { accountId })).rejects.toMatchObject({ kind: 'not_found' });
  expect(await getAccount(ctx, { accountId })).toMatchObject({
    name: 'Current account',
    hiddenAt: null,
    syncStoppedAt: null,
  });
  await renameAccount(ctx, { accountId, name: 'Mine' });
  await hideAccount(ctx, { accountId, isHidden: true });
  await stopAccountSync(ctx, { accountId, isStopped: true });
  expect(await getAccount(ctx, { accountId })).toMatchObject({
    name: 'Mine',
    hiddenAt: expect.any(Date),
    syncStoppedAt: expect.any(Date),
  });
  const audited = await system.db.auditEntry.findMany({ where: { subjectId: accountId }, orderBy: { at: 'asc' } });
  expect(audited.map(({ action }) => action).sort()).toEqual([
    'account.hidden',
    'account.renamed',
    'account.sync_stopped',
  ]);
});

test('an account may be joined with others of its kind and currency only', async () => {
  const { ctx, system, accountId, otherId, userId } = await aUser();
  const { connectionId } = await system.db.bankAccount.findUniqueOrThrow({ where: { id: accountId } });
  await addAccount(system, { userId, connectionId, kind: 'card' });
  const { accountId: euroId } = await addAccount(system, { userId, connectionId });
  await system.db.bankAccount.update({ where: { id: euroId }, data: { currency: 'EUR' } });
  const { joinable, joined } = await getAccountSettings(ctx, { accountId });
  expect([joinable.map(({ id }) => id), joined]).toEqual([[otherId], []]);
});
