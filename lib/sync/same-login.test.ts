import { beforeAll, expect, test } from 'vitest';
import { listAccounts } from '#lib/accounts/list-accounts';
import { sumBalances } from '#lib/accounts/sum-balances';
import { finishStop } from '#lib/connections/finish-stop';
import { actingAs, type Context } from '#lib/context/context';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { addMs, DAY_MS } from '#lib/time/span';

const standIn = aStandIn(SHORT_HISTORY);
let system: Context;
beforeAll(async () => {
  system = await aSystem();
});

/** Linked long ago, so that of two connections it is clear which is the older one. */
async function linkedBefore(login: string): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { login, bankId: 'ob-monzo' });
  const connectedAt = addMs(person.system.clock.now(), -DAY_MS);
  await system.db.connection.update({ where: { id: person.connectionId }, data: { connectedAt } });
  await syncFully(person.system, person.connectionId);
  return person;
}

const accountsOf = (userId: string) =>
  system.db.bankAccount.findMany({
    where: { userId, goneAt: null },
    select: { id: true, connectionId: true, twinOfId: true },
    orderBy: { id: 'asc' },
  });
const rowsOf = (userId: string) => system.db.transaction.count({ where: { account: { userId }, vanishedAt: null } });

test('the same login linked again takes over the accounts with their history, and nothing doubles', async () => {
  const { userId, connectionId: olderId } = await linkedBefore('john/doe');
  const before = await accountsOf(userId);
  const rows = await rowsOf(userId);
  const total = await sumBalances(actingAs(system, { kind: 'user', userId }));

  const again = await linkPerson(standIn.url, { login: 'john/doe', bankId: 'ob-monzo', userId });
  await syncFully(again.system, again.connectionId);
  const after = await accountsOf(userId);
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(new Set(after.map(({ connectionId }) => connectionId))).toEqual(new Set([again.connectionId]));
  expect(await rowsOf(userId)).toBe(rows);
  expect(await sumBalances(actingAs(system, { kind: 'user', userId }))).toEqual(total);

  const older = { where: { id: olderId }, select: { status: true, replacedById: true } } as const;
  expect(await system.db.connection.findUniqueOrThrow(older)).toEqual({
    status: 'revoking',
    replacedById: again.connectionId,
  });
  await finishStop(await aSystem(), olderId);
  expect(await system.db.connection.findUniqueOrThrow(older)).toMatchObject({ status: 'revoked' });
  const newer = { where: { id: again.connectionId }, select: { status: true } } as const;
  expect(await system.db.connection.findUniqueOrThrow(newer)).toEqual({ status: 'active' });
});

test('another login at the same bank is another connection, and both stay', async () => {
  const { userId, connectionId } = await linkedBefore('john/doe');
  const other = await linkPerson(standIn.url, { login: 'john7/doe', bankId: 'ob-monzo', userId });
  await syncFully(other.system, other.connectionId);
  const accounts = await accountsOf(userId);
  expect(new Set(accounts.map((account) => account.connectionId))).toEqual(new Set([connectionId, other.connectionId]));
  expect(accounts.every(({ twinOfId }) => twinOfId === null)).toBe(true);
});

test('an account that comes through two logins is counted once, and both logins stay', async () => {
  const { userId, connectionId } = await linkedBefore('john/doe');
  const total = await sumBalances(actingAs(system, { kind: 'user', userId }));
  const permissions = ['accounts', 'balance', 'transactions', 'offline_access'];
  const fewer = await linkPerson(standIn.url, { login: 'john/doe', bankId: 'ob-monzo', userId, permissions });
  await syncFully(fewer.system, fewer.connectionId);
  const newer = await system.db.connection.findUniqueOrThrow({
    where: { id: fewer.connectionId },
    select: { maybeSameAsId: true },
  });
  expect(newer.maybeSameAsId).toBe(connectionId);
  expect((await accountsOf(userId)).some(({ twinOfId }) => twinOfId !== null)).toBe(true);
  const shown = await listAccounts(actingAs(system, { kind: 'user', userId }));
  expect(shown.every((account) => account.connectionId === connectionId)).toBe(true);
  expect(await sumBalances(actingAs(system, { kind: 'user', userId }))).toEqual(total);
});
