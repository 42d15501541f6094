import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { database } from '#lib/db/client';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { aSystem, type LinkedPerson, linkPerson, signInAtBank, travel } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { renewPerson } from '#lib/testing/renew-person';
import { renewAsShown } from '#lib/testing/say-yes';
import { comeBack, makeTrip, prepareTrips } from '#lib/testing/trip';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { readCallback } from '#lib/truelayer/callback';
import { answerRenewal } from './answer-renewal.ts';
import { failAttempt } from './fail-attempt.ts';
import { finishStop } from './finish-stop.ts';
import { getAttempt } from './get-attempt.ts';
import { getConnection } from './get-connection.ts';
import { promoteRenewal } from './promote-renewal.ts';
import { receiveReturn } from './receive-return.ts';
import { retireGrants } from './retire-grants.ts';
import { stopSharing } from './stop-sharing.ts';
import { storeRenewal } from './store-renewal.ts';
import { getAccessToken } from './tokens.ts';

const standIn = aStandIn(SHORT_HISTORY);
let system: Context;
beforeAll(async () => {
  system = await prepareTrips();
});
beforeEach(() => standIn.control('POST', '/reset'));

const TRIP = { device: 'phone', browserSecret: 'a browser of this test’s own' } as const;
const today = async ({ ctx }: LinkedPerson): Promise<Context> => ({ ...(await aSystem()), actor: ctx.actor });

/** As a job does with an attempt that somebody has held for minutes. */
const closeAsInterrupted = (attemptId: string) =>
  failAttempt(system, attemptId, { status: 'failed', outcome: 'interrupted' });

type Held = { credentialsId: string; ended: { by: string } | null };

/** What TrueLayer still gives access to. */
async function openAtTrueLayer(): Promise<string[]> {
  const held = (await standIn.control('GET', '/connections')) as Held[];
  return held.filter(({ ended }) => ended === null).map(({ credentialsId }) => credentialsId);
}

const rolesOf = async ({ connectionId }: LinkedPerson) =>
  (await system.db.connectionTokens.findMany({ where: { connectionId }, orderBy: { role: 'asc' } })).map(
    ({ role }) => role,
  );

test('who stops sharing while an extension is on its way has stopped: TrueLayer is told of what it brought', async () => {
  const person = await linkPerson(standIn.url, { login: 'john/eternal' });
  const { connectionId } = person;
  await standIn.control('PUT', '/clock', { advance_ms: 2 * HOUR_MS });
  const client = trueLayer();
  const extend = client.extendConnection.bind(client);
  let stopping: Promise<unknown> | undefined;
  vi.spyOn(client, 'extendConnection').mockImplementation(async (input) => {
    const answer = await extend(input);
    await stopSharing(await today(person), { connectionId, choice: 'keep' });
    stopping = finishStop(await aSystem(), connectionId);
    return answer;
  });
  await standIn.control('POST', '/faults', { match: { path: '/data/v1/me' }, action: { delay_ms: 1500 } });
  await expect(renewAsShown(await today(person), { connectionId, ...TRIP })).rejects.toMatchObject({
    code: 'not_renewable',
  });
  await stopping;
  expect(await openAtTrueLayer()).not.toContain(person.me.credentialsId);
  const actions = await system.db.auditEntry.findMany({ where: { connectionId }, select: { action: true } });
  expect(actions).not.toContainEqual({ action: 'consent.renewed' });
});

test('an attempt that was closed because it took so long links nothing afterwards, and gives back what it was given', async () => {
  const trip = await makeTrip(system);
  const client = trueLayer();
  const exchange = client.exchangeCode.bind(client);
  let credentialsId = '';
  vi.spyOn(client, 'exchangeCode').mockImplementation(async (input) => {
    const tokens = await exchange(input);
    credentialsId = (await client.getMe(tokens)).items[0].credentialsId;
    await closeAsInterrupted(trip.attemptId);
    return tokens;
  });
  await comeBack(trip);
  expect(await getAttempt(trip.person, trip.attemptId)).toMatchObject({
    stage: 'failed',
    outcomeCode: 'interrupted',
    connectionId: null,
  });
  expect(await openAtTrueLayer()).not.toContain(credentialsId);
});

test('a renewal that couldn’t be stored leaves the grant in use alone', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId } = person;
  const started = await renewAsShown(await today(person), { connectionId, ...TRIP });
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  const answer = readCallback(await travel(started.url, 'john/doe'));
  const result = await receiveReturn(await today(person), answer, TRIP.browserSecret);
  if (result.kind !== 'accepted') throw new Error(result.kind);
  const client = trueLayer();
  const getMe = client.getMe.bind(client);
  vi.spyOn(client, 'getMe').mockImplementation(async (input) => {
    await closeAsInterrupted(started.attemptId);
    return getMe(input);
  });
  await result.finish();
  expect(await rolesOf(person)).toEqual(['current']);
  expect(await openAtTrueLayer()).toContain(person.me.credentialsId);
});

test('what can’t be given back just now to TrueLayer is given back with the rest of a stop', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId } = person;
  await standIn.control('PUT', '/switches', { reauth_identity: 'other' });
  const started = await renewAsShown(await today(person), { connectionId, ...TRIP });
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  const answer = readCallback(await travel(started.url, 'john/doe'));
  const result = await receiveReturn(await today(person), answer, TRIP.browserSecret);
  if (result.kind !== 'accepted') throw new Error(result.kind);
  const client = trueLayer();
  const exchange = client.exchangeCode.bind(client);
  let credentialsId = '';
  vi.spyOn(client, 'exchangeCode').mockImplementation(async (input) => {
    const tokens = await exchange(input);
    credentialsId = (await client.getMe(tokens)).items[0].credentialsId;
    await stopSharing(await today(person), { connectionId, choice: 'erase' });
    return tokens;
  });
  const down = { match: { path: '/api/delete' }, action: { status: 503 } };
  await standIn.control('POST', '/faults', down);
  await result.finish();
  expect(await openAtTrueLayer()).toContain(credentialsId);
  await standIn.control('DELETE', '/faults');
  await finishStop(await aSystem(), connectionId);
  const open = await openAtTrueLayer();
  expect([credentialsId, person.me.credentialsId].filter((id) => open.includes(id))).toEqual([]);
});

test('a fresh grant without a refresh token isn’t given that of another', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const permissions = ['accounts', 'balance'];
  const tokens = await signInAtBank(standIn.url, { login: 'john/doe', bankId: 'ob-monzo', permissions });
  expect(tokens.refreshToken).toBeNull();
  const { items } = await trueLayer().getMe({ accessToken: tokens.accessToken });
  const { connectionId } = person;
  const renewal = { connectionId, tokens, me: items[0], permissions, authenticatedAt: new Date() };
  await inTransaction(system, (tx) => storeRenewal(tx, renewal));
  const row = await system.db.connectionTokens.findFirstOrThrow({ where: { connectionId, role: 'incoming' } });
  expect(row.refreshTokenSealed).toBeNull();
});

test('a grant that joins those going out while one is being ended is ended too, and not forgotten', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId, me } = person;
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  const { credentialsId: second } = await system.db.connectionTokens.findFirstOrThrow({
    where: { connectionId, role: 'incoming' },
  });
  // Overtaken by a third one, the second goes out first; while it does, the third takes over from the first.
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  let isPromoted = false;
  const db = database().$extends({
    query: {
      connectionTokens: {
        async findFirst({ args, query }) {
          const row = await query(args);
          if (!isPromoted) await promoteRenewal(system, connectionId);
          isPromoted = true;
          return row;
        },
      },
    },
  });
  // An extended client has all that the plain one has.
  await retireGrants({ ...system, db: db as unknown as Context['db'] }, connectionId);
  expect(await rolesOf(person)).toEqual(['current']);
  const open = await openAtTrueLayer();
  expect([me.credentialsId, second].filter((id) => id !== null && open.includes(id))).toEqual([]);
});

test('an old grant whose end TrueLayer never confirms is tried ever less often, and destroyed after a week, on record', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId, me } = person;
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  await promoteRenewal(system, connectionId);
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  await promoteRenewal(system, connectionId);
  expect(await rolesOf(person)).toEqual(['current', 'outgoing', 'outgoing']);
  const revoke = vi.spyOn(trueLayer(), 'revoke');
  await standIn.control('POST', '/faults', { match: { path: '/api/delete' }, action: { status: 503 }, times: 1 });
  await expect(retireGrants(await aSystem(), connectionId)).rejects.toMatchObject({ isRetryable: true });
  expect(await rolesOf(person)).toEqual(['current', 'outgoing']);
  await standIn.control('POST', '/faults', { match: { path: '/api/delete' }, action: { status: 503 } });
  revoke.mockClear();
  await retireGrants(await aSystem(), connectionId);
  expect(revoke).not.toHaveBeenCalled();
  for (let hours = 0; hours <= 7 * 24; hours++) {
    await standIn.control('PUT', '/clock', { advance_ms: HOUR_MS });
    await retireGrants(await aSystem(), connectionId).catch(() => null);
    if (hours === 6 * 24) expect(await rolesOf(person)).toEqual(['current', 'outgoing']);
  }
  expect(revoke.mock.calls.length).toBeLessThan(80);
  expect(await rolesOf(person)).toEqual(['current']);
  expect(await openAtTrueLayer()).toContain(me.credentialsId);
  const entry = { connectionId, action: 'consent.old_grant_destroyed', after: { equals: { told: 'unconfirmed' } } };
  expect(await system.db.auditEntry.count({ where: entry })).toBe(1);
});

test('a way back to the bank that brings another identity is asked about, whatever its accounts look like', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId, userId } = person;
  await firstAttendedPass(await today(person), { connectionId, presence: presenceOf(userId) });
  await standIn.control('PUT', '/switches', { reauth_identity: 'other' });
  const started = await renewAsShown(await today(person), { connectionId, ...TRIP });
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  const answer = readCallback(await travel(started.url, 'john/doe'));
  const result = await receiveReturn(await today(person), answer, TRIP.browserSecret);
  if (result.kind !== 'accepted') throw new Error(result.kind);
  await result.finish();
  await firstAttendedPass(await today(person), { connectionId, presence: presenceOf(userId) });
  expect((await getConnection(await today(person), connectionId)).hasQuestion).toBe(true);
  expect(await rolesOf(person)).toEqual(['current', 'incoming']);
  await answerRenewal(await today(person), { connectionId, isSamePerson: true });
  await firstAttendedPass(await today(person), { connectionId, presence: presenceOf(userId) });
  expect(await rolesOf(person)).toEqual(['current', 'outgoing']);
});

test.each([
  ['their own other connection', true, 'login_linked_apart'],
  ['another person’s', false, 'login_taken'],
] as const)('a renewal with a login that is %s changes nothing, and is told apart', async (_, isOwn, outcomeCode) => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const other = await linkPerson(standIn.url, { bankId: 'ob-monzo', ...(isOwn ? { userId: person.userId } : {}) });
  const { connectionId } = person;
  const started = await renewAsShown(await today(person), { connectionId, ...TRIP });
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  const answer = readCallback(await travel(started.url, 'john/doe'));
  const result = await receiveReturn(await today(person), answer, TRIP.browserSecret);
  if (result.kind !== 'accepted') throw new Error(result.kind);
  const client = trueLayer();
  const getMe = client.getMe.bind(client);
  vi.spyOn(client, 'getMe').mockImplementation(async (input) => {
    const { items, ...rest } = await getMe(input);
    return { ...rest, items: [{ ...items[0], credentialsId: other.me.credentialsId }] };
  });
  await result.finish();
  expect(await getAttempt(person.ctx, started.attemptId)).toMatchObject({ stage: 'failed', outcomeCode });
  expect(await rolesOf(person)).toEqual(['current']);
  expect(await openAtTrueLayer()).toContain(other.me.credentialsId);
});

test('a stop says that TrueLayer was told also when the newest tokens were those of a renewal that hadn’t fetched yet', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId, me } = person;
  await renewPerson(standIn.url, person, { way: 'reauth_link' });
  await standIn.control('PUT', '/clock', { advance_ms: 2 * HOUR_MS });
  await stopSharing(await today(person), { connectionId, choice: 'keep' });
  await finishStop(await aSystem(), connectionId);
  expect(await openAtTrueLayer()).not.toContain(me.credentialsId);
  const where = { connectionId, action: 'connection.stopped' };
  expect((await system.db.auditEntry.findFirstOrThrow({ where })).after).toEqual({ told: 'truelayer' });
});

test('a refresh of the tokens in use that comes between a renewal and its first fetch loses nothing', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId } = person;
  // As TrueLayer has it: signing in again leaves the refresh token as it was, and a refresh gives another.
  await standIn.control('PUT', '/switches', { rotation: false });
  await renewPerson(standIn.url, person, { way: 'reauth_link' });
  await standIn.control('PUT', '/switches', { rotation: true });
  const { generation } = await getAccessToken(system, connectionId);
  await getAccessToken(system, connectionId, { refused: generation });
  await promoteRenewal(system, connectionId);
  expect(await rolesOf(person)).toEqual(['current']);
  const promoted = await getAccessToken(system, connectionId);
  expect(await getAccessToken(system, connectionId, { refused: promoted.generation })).toMatchObject({
    accessToken: expect.any(String),
  });
});

test('while somebody refreshes the tokens in use, a renewal of the same grant waits with taking over', async () => {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { connectionId } = person;
  const ofInUse = { connectionId, role: 'current' } as const;
  const lease = { leaseId: crypto.randomUUID(), leaseUntil: new Date(Date.now() + MINUTE_MS) };
  const client = trueLayer();
  const exchange = client.exchangeCode.bind(client);
  vi.spyOn(client, 'exchangeCode').mockImplementation(async (input) => {
    await system.db.connectionTokens.updateMany({ where: ofInUse, data: lease });
    return exchange(input);
  });
  await renewPerson(standIn.url, person, { way: 'reauth_link' });
  expect(await promoteRenewal(system, connectionId)).toBe(false);
  expect(await rolesOf(person)).toEqual(['current', 'incoming']);
  await system.db.connectionTokens.updateMany({ where: ofInUse, data: { leaseId: null, leaseUntil: null } });
  expect(await promoteRenewal(system, connectionId)).toBe(true);
});
