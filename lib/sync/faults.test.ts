import { afterEach, expect, test } from 'vitest';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, HOUR_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { handlingByCode, type TrueLayerErrorCode } from '#lib/truelayer/error-codes';
import { toFault } from './faults.ts';
import { firstAttendedPass } from './first-attended-pass.ts';
import { refreshNow } from './refresh-now.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn(SHORT_HISTORY);
const DAILY = '/data/v1/**';

afterEach(() => standIn.control('POST', '/reset'));

const wait = (ms: number) => standIn.control('PUT', '/clock', { advance_ms: ms });
const fail = (path: string, action: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  standIn.control('POST', '/faults', { match: { path }, action, ...rest });
const mend = () => standIn.control('DELETE', '/faults');

/** Somebody whose bank was linked yesterday and has been fetched since. */
async function aLinkedPerson(bankId = 'ob-lloyds', login = 'john/doe'): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId, login });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(person.system, { connectionId });
  await wait(DAY_MS + 10 * MINUTE_MS);
  return person;
}

async function sync({ connectionId }: LinkedPerson) {
  const system = await aSystem();
  const report = await syncFully(system, connectionId);
  const connection = await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  const states = await system.db.accountResource.findMany({
    where: { account: { connectionId } },
    select: { resource: true, state: true, code: true },
  });
  const { nextSyncAt, lastErrorAt } = connection;
  const waitMs = nextSyncAt === null ? null : msBetween(lastErrorAt ?? system.clock.now(), nextSyncAt);
  return { system, report, connection, states, waitMs };
}

test.each(Object.keys(handlingByCode) as TrueLayerErrorCode[])(
  '%s has a handling, and only a dead grant asks for a new sign-in',
  (code) => {
    const fault = toFault(new TrueLayerError({ code }), new Date());
    expect(fault).toMatchObject({ code });
    const { kind } = handlingByCode[code];
    expect(fault?.action === 'reauthenticate').toBe(kind === 'reconnect' || kind === 'token_expired');
  },
);

test.each([
  ['provider_error', 20 * MINUTE_MS, HOUR_MS],
  ['temporarily_unavailable', 20 * MINUTE_MS, HOUR_MS],
  ['connector_timeout', 20 * MINUTE_MS, HOUR_MS],
  ['provider_too_many_requests', 10 * MINUTE_MS, HOUR_MS],
  ['internal_server_error', 3 * MINUTE_MS, 10 * MINUTE_MS],
  ['account_temporarily_locked', 12 * HOUR_MS, 26 * HOUR_MS],
])(
  'one %s parks nothing: the run stops when two accounts and two kinds of data fail alike, and is tried again soon',
  async (error, soonestMs, latestMs) => {
    const person = await aLinkedPerson();
    await fail(DAILY, { error });
    const { report, connection, waitMs, system } = await sync(person);
    expect(report).toMatchObject({ outcome: 'failed', code: error });
    expect(connection).toMatchObject({ status: 'active', failures: 1, lastErrorCode: error, grantRefusedAt: null });
    expect(waitMs).toBeGreaterThan(soonestMs);
    expect(waitMs).toBeLessThan(latestMs);
    const where = { connectionId: person.connectionId, code: error };
    const calls = await system.db.truelayerCall.findMany({ where, select: { accountId: true } });
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ accountId }) => accountId)).size).toBe(3);
    await mend();
    await wait(waitMs ?? 0);
    expect(await sync(person)).toMatchObject({
      report: { outcome: 'complete' },
      connection: { failures: 0, lastErrorCode: null },
    });
  },
);

test('three failures in a row are shown as such, and one success ends it', async () => {
  const person = await aLinkedPerson();
  await fail(DAILY, { error: 'internal_server_error' });
  let waitMs: number | null = 0;
  for (let failure = 1; failure <= 3; failure++) {
    await wait(waitMs ?? 0);
    const after = await sync(person);
    expect(after.connection.status).toBe(failure < 3 ? 'active' : 'degraded');
    waitMs = after.waitMs;
  }
  await mend();
  await wait(waitMs ?? 0);
  expect((await sync(person)).connection).toMatchObject({ status: 'active', failures: 0 });
});

test('a bank that says when to come back is believed', async () => {
  const person = await aLinkedPerson();
  await fail(DAILY, { error: 'provider_too_many_requests', headers: { 'Retry-After': '7200' } });
  expect((await sync(person)).waitMs).toBeGreaterThanOrEqual(2 * HOUR_MS - 1000);
});

test('what a bank doesn’t offer costs that kind of data and is not asked for again', async () => {
  const person = await aLinkedPerson();
  await fail('/data/v1/accounts/*/transactions/pending', { error: 'endpoint_not_supported' });
  const first = await sync(person);
  expect(first.report).toMatchObject({ outcome: 'complete' });
  expect(
    first.states.filter(({ state }) => state === 'unsupported').every(({ resource }) => resource === 'pending'),
  ).toBe(true);
  await mend();
  await wait(DAY_MS);
  const { system } = await sync(person);
  const asked = await system.db.truelayerCall.count({
    where: {
      connectionId: person.connectionId,
      endpoint: 'account_pending_transactions',
      startedAt: { gt: new Date(system.clock.now().getTime() - HOUR_MS) },
    },
  });
  expect(asked).toBe(0);
});

test('one refused resource is that one’s trouble, shown as partial success', async () => {
  const person = await aLinkedPerson();
  await fail('/data/v1/cards/*/balance', { error: 'access_denied' });
  const { report, connection, states } = await sync(person);
  expect(report).toMatchObject({ outcome: 'partial', code: 'access_denied' });
  expect(connection).toMatchObject({ status: 'active', grantRefusedAt: null, failures: 0 });
  expect(states).toContainEqual({ resource: 'balance', state: 'refused', code: 'access_denied' });
});

test('a list that a card issuer refuses is asked for once a sign-in, and by the person', async () => {
  await fail('/data/v1/accounts', { error: 'access_denied' });
  const person = await aLinkedPerson('ob-amex');
  const { connectionId, ctx, userId } = person;
  const asked = () => person.system.db.truelayerCall.count({ where: { connectionId, endpoint: 'accounts' } });
  const before = await asked();
  expect((await sync(person)).connection).toMatchObject({ status: 'active' });
  await wait(DAY_MS + HOUR_MS);
  await sync(person);
  expect(await asked()).toBe(before);
  const system = await aSystem();
  await refreshNow({ ...system, actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
  expect(await asked()).toBe(before + 1);
});

test('a consent that was withdrawn at the bank is found out and asks for a new sign-in', async () => {
  const person = await aLinkedPerson();
  await standIn.control('POST', `/connections/${encodeURIComponent(person.me.credentialsId)}`, { revoke: true });
  const { connection } = await sync(person);
  expect(connection).toMatchObject({ status: 'needs_reauthentication', nextSyncAt: null });
});

test('a withdrawn consent is found out even while TrueLayer itself has not noticed', async () => {
  const person = await aLinkedPerson();
  for (const path of ['/data/v1/accounts**', '/data/v1/cards**']) await fail(path, { error: 'access_denied' });
  const { connection, report } = await sync(person);
  expect(report?.outcome).toBe('failed');
  expect(connection).toMatchObject({ status: 'needs_reauthentication', grantRefusedCode: 'access_denied' });
});

test('a wrong client secret of ours kills nobody’s connection', async () => {
  const person = await aLinkedPerson();
  await standIn.control('PUT', '/switches', { access_token_seconds: 1 });
  await fail('/connect/token', { error: 'invalid_client', status: 400 });
  const { connection } = await sync(person);
  expect(connection).toMatchObject({ status: 'active', grantRefusedAt: null, lastErrorCode: 'invalid_client' });
});

test('an access token that was superseded is refreshed once and the call repeated', async () => {
  const person = await aLinkedPerson();
  await fail('/data/v1/accounts/*/balance', { error: 'invalid_token' }, { times: 1 });
  expect((await sync(person)).report).toMatchObject({ outcome: 'complete' });
});

test('an answer that is not final is never stored, and stops nothing that is', async () => {
  const person = await aLinkedPerson();
  await fail('/data/v1/accounts/*/transactions', { running_200: true });
  const where = { account: { connectionId: person.connectionId, kind: 'account' } } as const;
  const before = await person.system.db.transaction.findMany({ where, orderBy: { id: 'asc' } });
  const { report, system } = await sync(person);
  expect(report).toMatchObject({ outcome: 'partial', code: 'not_final' });
  expect(await system.db.transaction.findMany({ where, orderBy: { id: 'asc' } })).toEqual(before);
});

test('a bank that fails everybody is left alone, tried by one, and taken back by its first answer', async () => {
  const bankId = 'ob-tsb';
  const people: LinkedPerson[] = [];
  for (let index = 1; index <= 7; index++)
    people.push(await linkPerson(standIn.url, { bankId, login: `john${index}/doe${index}` }));
  for (const { ctx, userId, connectionId } of people)
    await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  await fail(DAILY, { error: 'provider_error' });
  const reports = [];
  for (const person of people) reports.push((await sync(person)).report);
  expect(reports.map((report) => report?.outcome ?? 'left alone')).toEqual([
    ...Array(5).fill('failed'),
    'left alone',
    'left alone',
  ]);
  const calls = await people[0]?.system.db.truelayerCall.groupBy({
    by: ['connectionId'],
    where: { bankId, code: 'provider_error' },
    _count: true,
  });
  expect(calls).toHaveLength(5);

  await mend();
  await wait(11 * MINUTE_MS);
  const [sixth, seventh] = people.slice(5);
  if (sixth === undefined || seventh === undefined) throw new Error('too few people');
  expect((await sync(sixth)).report).toMatchObject({ outcome: 'complete' });
  expect((await sync(seventh)).report).toMatchObject({ outcome: 'complete' });
  expect(await seventh.system.db.bank.findUnique({ where: { id: bankId } })).toMatchObject({
    breakerOpenUntil: null,
    breakerFailures: 0,
  });
});

test('a person who is there is not kept from a bank that is left alone', async () => {
  const person = await aLinkedPerson('ob-nationwide');
  const system = await aSystem();
  await system.db.bank.update({
    where: { id: 'ob-nationwide' },
    data: { breakerFailures: 9, breakerOpenUntil: new Date(system.clock.now().getTime() + DAY_MS) },
  });
  const ctx = { ...system, actor: person.ctx.actor };
  const report = await refreshNow(ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  expect(report.outcome).toBe('complete');
});

test('at the end of consent jobs stop, and the person may still refresh', async () => {
  const person = await aLinkedPerson();
  const system = await aSystem();
  await system.db.connection.update({
    where: { id: person.connectionId },
    data: { consentExpiresAt: system.clock.now(), status: 'expired', nextSyncAt: null },
  });
  expect((await sync(person)).report).toBeNull();
  const ctx = { ...system, actor: person.ctx.actor };
  expect(
    await refreshNow(ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) }),
  ).toMatchObject({ outcome: 'complete' });
  await expect(refreshNow(ctx, { connectionId: person.connectionId, presence: null })).rejects.toMatchObject({
    code: 'sync_not_allowed',
  });
});
