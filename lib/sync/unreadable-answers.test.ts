import { afterEach, expect, test } from 'vitest';
import { aSystem, linkPerson, signInAgain } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, HOUR_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { refreshNow } from './refresh-now.ts';
import { syncUnattended } from './sync-unattended.ts';

const standIn = aStandIn(SHORT_HISTORY);
afterEach(() => standIn.control('POST', '/reset'));
const answer = (path: string, results: object[]) =>
  standIn.control('POST', '/faults', {
    match: { path },
    action: { status: 200, body: { status: 'Succeeded', results } },
  });

async function aPerson() {
  const person = await linkPerson(standIn.url, { bankId: 'ob-lloyds' });
  const pass = () =>
    firstAttendedPass(person.ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  await pass();
  return { ...person, pass };
}

test('a balance that isn’t there, or can’t be read, makes nothing fresh, and is kept aside', async () => {
  const { connectionId, userId, ctx, system: before } = await aPerson();
  await syncUnattended(before, { connectionId });
  const { lastSyncedAt } = await before.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + HOUR_MS });
  await answer('/data/v1/*/*/balance', [{ currency: 'GBP', current: 'much' }]);
  const fault = { match: { path: '/data/v1/*/*/transactions' }, action: { status: 503, error: 'provider_error' } };
  await standIn.control('POST', '/faults', fault);
  const system = await aSystem();
  await refreshNow({ ...system, actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
  expect(await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } })).toMatchObject({ lastSyncedAt });
  expect(await system.db.setAsideRow.count({ where: { connectionId } })).toBeGreaterThan(0);
});

test('an account whose row in a list can’t be read isn’t taken for gone', async () => {
  const { connectionId, system, pass } = await aPerson();
  const where = { connectionId, kind: 'account' } as const;
  const accounts = await system.db.bankAccount.findMany({ where, orderBy: { position: 'asc' } });
  await system.db.connectionResource.updateMany({
    where: { connectionId, resource: 'accounts' },
    data: { state: 'failing' },
  });
  await answer(
    '/data/v1/accounts',
    accounts.map(({ truelayerId, displayName }, index) => ({
      account_id: truelayerId,
      display_name: displayName,
      account_number: {},
      ...(index === 0 ? {} : { currency: 'GBP' }),
    })),
  );
  await pass();
  expect(await system.db.bankAccount.count({ where: { ...where, goneAt: null } })).toBe(accounts.length);
});

async function wantListAgain({ connectionId, system }: Awaited<ReturnType<typeof aPerson>>) {
  await system.db.connectionResource.updateMany({
    where: { connectionId, resource: 'accounts' },
    data: { state: 'failing' },
  });
}

test('a list without any account is doubted where there were some, told, and believed when it is said again another day', async () => {
  const person = await aPerson();
  const { connectionId, userId, ctx } = person;
  const where = { connectionId, kind: 'account', goneAt: null } as const;
  await syncUnattended(person.system, { connectionId });
  const count = await person.system.db.bankAccount.count({ where });
  await wantListAgain(person);
  await answer('/data/v1/accounts', []);
  const refresh = async () => {
    const system = await aSystem();
    return refreshNow({ ...system, actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
  };
  expect(await refresh()).toMatchObject({ outcome: 'partial', code: 'list_empty' });
  expect(await person.system.db.bankAccount.count({ where })).toBe(count);
  await standIn.control('PUT', '/clock', { advance_ms: HOUR_MS });
  expect(await refresh()).toMatchObject({ outcome: 'partial', code: 'list_empty' });
  expect(await person.system.db.bankAccount.count({ where })).toBe(count);
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS });
  expect(await refresh()).toMatchObject({ outcome: 'complete' });
  expect(await person.system.db.bankAccount.count({ where })).toBe(0);
});

test('a list without any account that follows a sign-in is what the person chose', async () => {
  const person = await aPerson();
  const { connectionId, system } = person;
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS });
  await signInAgain(person);
  await answer('/data/v1/accounts', []);
  const later = { ...(await aSystem()), actor: person.ctx.actor };
  await firstAttendedPass(later, { connectionId, presence: presenceOf(person.userId) });
  expect(await system.db.bankAccount.count({ where: { connectionId, kind: 'account', goneAt: null } })).toBe(0);
});

test('an empty answer about days that hold rows covers nothing, and the next one reaches back over them', async () => {
  const { connectionId, system } = await aPerson();
  await syncUnattended(system, { connectionId });
  const where = { connectionId, kind: 'account' } as const;
  const read = () => system.db.bankAccount.findFirstOrThrow({ where, orderBy: { position: 'asc' } });
  const before = await read();
  // Long enough for the window to reach back over many rows.
  await standIn.control('PUT', '/clock', { advance_ms: 3 * DAY_MS });
  await answer(`/data/v1/accounts/${before.truelayerId}/transactions`, []);
  const rows = () => system.db.transaction.count({ where: { accountId: before.id, vanishedAt: null } });
  const count = await rows();
  await syncFully(await aSystem(), connectionId);
  expect(await read()).toMatchObject({ coveredTo: before.coveredTo });
  expect(await rows()).toBe(count);
  expect(
    await system.db.accountResource.findFirstOrThrow({ where: { accountId: before.id, resource: 'transactions' } }),
  ).toMatchObject({ state: 'failing', code: 'answer_doubted', nextTryAt: expect.any(Date) });

  await standIn.control('DELETE', '/faults');
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + HOUR_MS });
  await syncFully(await aSystem(), connectionId);
  expect((await read()).coveredTo?.getTime()).toBeGreaterThan(before.coveredTo?.getTime() ?? 0);
  expect(await rows()).toBeGreaterThan(count);
});
