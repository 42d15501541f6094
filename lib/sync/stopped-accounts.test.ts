import { expect, test } from 'vitest';
import { listAccounts } from '#lib/accounts/list-accounts';
import { stopAccountSync } from '#lib/accounts/settings/stop-account-sync';
import { aSystem, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { DAY_MS } from '#lib/time/span';
import { refreshNow } from './refresh-now.ts';

const standIn = aStandIn();

test('no call is made for an account that the user stopped, by a job or for the user, until it is resumed', async () => {
  const { ctx, userId, connectionId, system } = await linkPerson(standIn.url, { bankId: 'ob-tsb' });
  await syncFully(system, connectionId);
  const [stopped, ...others] = await listAccounts(ctx);
  const accountId = stopped?.id ?? '';
  expect(others.length).toBeGreaterThan(0);
  const calls = async () => {
    const rows = await system.db.truelayerCall.groupBy({ by: ['accountId'], where: { connectionId }, _count: true });
    return new Map(rows.map((row) => [row.accountId, row._count]));
  };
  const later = async () => {
    await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 600_000 });
    return aSystem();
  };
  await stopAccountSync(ctx, { accountId, isStopped: true });
  const before = await calls();
  const rows = await system.db.transaction.count({ where: { accountId } });
  await syncFully(await later(), connectionId);
  await refreshNow({ ...(await aSystem()), actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
  const after = await calls();
  expect(after.get(accountId)).toBe(before.get(accountId));
  for (const { id } of others) expect(after.get(id) ?? 0).toBeGreaterThan(before.get(id) ?? 0);
  expect(await system.db.transaction.count({ where: { accountId } })).toBe(rows);

  await stopAccountSync(ctx, { accountId, isStopped: false });
  await syncFully(await later(), connectionId);
  expect((await calls()).get(accountId) ?? 0).toBeGreaterThan(after.get(accountId) ?? 0);
});

test('a connection of which every account is stopped is not out of date', async () => {
  const { ctx, connectionId, system } = await linkPerson(standIn.url, { bankId: 'ob-tsb' });
  await syncFully(system, connectionId);
  for (const { id } of await listAccounts(ctx)) await stopAccountSync(ctx, { accountId: id, isStopped: true });
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 600_000 });
  const tomorrow = await aSystem();
  const count = () => system.db.truelayerCall.count({ where: { connectionId, accountId: { not: null } } });
  const before = await count();
  await syncFully(tomorrow, connectionId);
  expect(await count()).toBe(before);
  const { lastSyncedAt } = await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  expect(lastSyncedAt?.getTime() ?? 0).toBeGreaterThanOrEqual(tomorrow.clock.now().getTime() - 60_000);
});
