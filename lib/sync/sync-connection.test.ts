import { expect, test } from 'vitest';
import { type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { DAY_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { refreshNow } from './refresh-now.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn();

async function linkAndFetch(bankId: string, login = 'john/doe') {
  const person = await linkPerson(standIn.url, { bankId, login });
  const { connectionId, userId } = person;
  const first = await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  const second = await syncUnattended(person.system, { connectionId });
  return { ...person, first, second };
}

test('a first pass and its job bring everything that the person shares', async () => {
  const { system, connectionId, first, second } = await linkAndFetch('ob-monzo');
  expect([first, second]).toMatchObject([
    { outcome: 'complete' },
    { outcome: 'complete', nextSyncAt: expect.any(Date) },
  ]);
  const accounts = await system.db.bankAccount.findMany({
    where: { connectionId },
    include: { _count: { select: { transactions: true, pending: true, balances: true } } },
  });
  expect(accounts.length).toBeGreaterThan(1);
  for (const account of accounts) {
    expect(account.balanceAt).not.toBeNull();
    expect(account.coveredFrom).not.toBeNull();
    expect(account._count).toMatchObject({ balances: 1 });
  }
  expect(accounts.reduce((sum, { _count }) => sum + _count.transactions, 0)).toBeGreaterThan(500);
  expect(await system.db.connection.findUnique({ where: { id: connectionId } })).toMatchObject({
    status: 'active',
    failures: 0,
  });
});

test('the attended pass uses none of the four calls a day, its job one while the bank’s history is unknown, and two afterwards', async () => {
  const counted = async ({ system, connectionId }: LinkedPerson) => {
    const where = { connectionId, isCounted: true };
    const calls = await system.db.truelayerCall.groupBy({ by: ['accountId'], where, _count: true });
    return calls.map(({ _count }) => _count);
  };
  const first = await counted(await linkAndFetch('ob-starling'));
  expect(first).toEqual(first.map(() => 1));
  const second = await counted(await linkAndFetch('ob-starling', 'john7/doe7'));
  expect(second).toEqual(second.map(() => 2));
});

test('syncing again with nothing new stores nothing and asks for nothing', async () => {
  const { system, connectionId, ctx, userId } = await linkAndFetch('ob-lloyds');
  const before = await system.db.transaction.count({ where: { account: { connectionId } } });
  expect(await syncUnattended(system, { connectionId })).toMatchObject({ outcome: 'complete', rowsStored: 0 });
  const again = await refreshNow(ctx, { connectionId, presence: presenceOf(userId) });
  expect(again).toMatchObject({ outcome: 'complete', rowsStored: 0 });
  expect(await system.db.transaction.count({ where: { account: { connectionId } } })).toBe(before);
});

test('with nobody there after a sign-in, the four calls bring accounts, their past and their balance', async () => {
  const { ctx, system, connectionId } = await linkPerson(standIn.url, { bankId: 'ob-barclays' });
  expect(await firstAttendedPass(ctx, { connectionId, presence: null })).toBeNull();
  await syncUnattended(system, { connectionId });
  await expectPastAndBalance(system, connectionId);
});

async function expectPastAndBalance({ db }: LinkedPerson['system'], connectionId: string) {
  const accounts = await db.bankAccount.findMany({ where: { connectionId } });
  expect(accounts.length).toBeGreaterThan(1);
  const quarterAgo = new Date(Date.now() - 100 * DAY_MS);
  for (const { coveredFrom, balanceAt } of accounts) {
    expect(balanceAt).not.toBeNull();
    expect(coveredFrom?.getTime()).toBeLessThan(quarterAgo.getTime());
  }
}
