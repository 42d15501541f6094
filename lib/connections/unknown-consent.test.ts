import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { getHealth } from '#lib/admin/health/get-health';
import { actingAs, type Context } from '#lib/context/context';
import { killAtOnce, startForTest } from '#lib/testing/child-of-ours';
import { addUser, aSystem, linkPerson, travel } from '#lib/testing/link-person';
import { renewAsShown } from '#lib/testing/say-yes';
import { comeBack, makeTrip, prepareTrips, type Trip } from '#lib/testing/trip';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { addMs, DAY_MS, MINUTE_MS } from '#lib/time/span';
import { readCallback } from '#lib/truelayer/callback';
import { CLAIM_LIFE_MS } from './attempt.ts';
import { expireAttempts } from './expire-attempts.ts';
import { getAttempt } from './get-attempt.ts';
import { receiveReturn } from './receive-return.ts';
import { dismissUnknownConsent, listUnknownConsents } from './unknown-consents.ts';

const simulator = aSimulator();
let system: Context;
beforeAll(async () => {
  system = await prepareTrips();
});
afterEach(() => simulator.control('POST', '/reset'));

const HANG_MS = 300_000;
const BROWSER = 'a browser of this test’s own';

const userIdOf = ({ actor }: Context) => (actor.kind === 'user' ? actor.userId : '');
const inTime = (ctx: Context, ms: number): Context => {
  const at = addMs(ctx.clock.now(), ms);
  return { ...ctx, clock: { now: () => at } };
};

async function expectTold({ person, attemptId }: Trip, outcomeCode: string): Promise<void> {
  expect(await getAttempt(person, attemptId)).toMatchObject({ stage: 'failed', outcomeCode });
  expect(await listUnknownConsents(person)).toMatchObject([{ attemptId, bank: { id: 'mock' } }]);
  const audit = { action: 'consent.unknown', personId: userIdOf(person), subjectId: attemptId };
  expect(await system.db.auditEntry.count({ where: audit })).toBe(1);
}

const unknownCount = async () => {
  const ctx = await aSystem();
  return (await getHealth(actingAs(ctx, { kind: 'admin', userId: await addUser(ctx) }))).unknownConsents;
};

test('a process killed between the exchange and the commit: the sweep finds out, and user, admins and audit are told', {
  timeout: HANG_MS,
}, async () => {
  const before = await unknownCount();
  const trip = await makeTrip(system, { browserSecret: BROWSER });
  if (trip.answer.kind !== 'code') throw new Error(trip.answer.kind);
  // TrueLayer issues the tokens and is asked what they open; the process dies before it can store them.
  await simulator.control('POST', '/faults', { match: { path: '/data/v1/me' }, action: { delay_ms: 600_000 } });
  const args = ['lib/testing/children/finish-attempt.ts', trip.attemptId];
  const child = startForTest('exchange', args, { CODE: trip.answer.code });
  const hasAsked = async () =>
    expect(((await simulator.control('GET', '/connections')) as unknown[]).length).toBeGreaterThan(0);
  await vi.waitFor(hasAsked, { timeout: HANG_MS });
  await killAtOnce(child);
  await simulator.control('DELETE', '/faults');
  expect(await getAttempt(trip.person, trip.attemptId)).toMatchObject({ stage: 'finishing' });
  await expireAttempts(await aSystem());
  expect(await getAttempt(trip.person, trip.attemptId)).toMatchObject({ stage: 'finishing' });
  await expireAttempts(inTime(await aSystem(), CLAIM_LIFE_MS + 1000));
  await expectTold(trip, 'interrupted_at_exchange');
  expect(await unknownCount()).toBe(before + 1);
});

test.each([
  ['the answer with the tokens is lost', { drop_after: true }, 'exchange_lost'],
  ['the answer can’t be read', { malformed: true }, 'exchange_lost'],
  ['TrueLayer fails', { status: 500, error: 'internal_server_error' }, 'exchange_refused'],
])('%s: the user is told that the bank may list a consent', async (_, action, outcome) => {
  const trip = await makeTrip(system);
  await simulator.control('POST', '/faults', { match: { path: '/connect/token' }, action });
  await comeBack(trip);
  await expectTold(trip, outcome);
});

test('a grant that could neither be stored nor given back is told as well', async () => {
  const trip = await makeTrip(system);
  await system.db.user.update({ where: { id: userIdOf(trip.person) }, data: { leavingAt: system.clock.now() } });
  await simulator.control('POST', '/faults', { match: { path: '/api/delete' }, action: { status: 503 } });
  await comeBack(trip);
  await expectTold(trip, 'stopped_meanwhile');
});

test('nothing is told where nothing can be left: a link that works, a refusal, a death before the code was sent', async () => {
  const linked = await makeTrip(system);
  await comeBack(linked);
  expect(await listUnknownConsents(linked.person)).toEqual([]);

  await simulator.control('PUT', '/switches', { callback_error: 'access_denied' });
  const refused = await makeTrip(system);
  await comeBack(refused);
  expect(await listUnknownConsents(refused.person)).toEqual([]);
  await simulator.control('PUT', '/switches', { callback_error: null });

  const early = await makeTrip(system);
  await system.db.attempt.update({
    where: { id: early.attemptId },
    data: { status: 'claimed', returnedAt: system.clock.now() },
  });
  await expireAttempts(inTime(await aSystem(), CLAIM_LIFE_MS + MINUTE_MS));
  expect(await getAttempt(early.person, early.attemptId)).toMatchObject({ outcomeCode: 'interrupted' });
  expect(await listUnknownConsents(early.person)).toEqual([]);
});

test('a renewal of the grant in use leaves no consent of its own', async () => {
  const person = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  const { connectionId, ctx } = person;
  const started = await renewAsShown(ctx, { connectionId, device: 'phone', browserSecret: BROWSER });
  if (started.kind !== 'bank') throw new Error('it was extended');
  const answer = readCallback(await travel(started.url, 'john/doe'));
  await simulator.control('POST', '/faults', { match: { path: '/connect/token' }, action: { drop_after: true } });
  const result = await receiveReturn(ctx, answer, BROWSER);
  if (result.kind !== 'accepted') throw new Error(result.kind);
  await result.finish();
  expect(await getAttempt(ctx, started.attemptId)).toMatchObject({ outcomeCode: 'exchange_lost' });
  expect(await listUnknownConsents(ctx)).toEqual([]);
});

test('the user is told until they link the bank again, dismiss it, or the consent must have ended', async () => {
  const lose = async (person?: Context) => {
    const trip = await makeTrip(system, person === undefined ? {} : { person });
    await simulator.control('POST', '/faults', {
      match: { path: '/connect/token' },
      action: { drop_after: true },
      times: 1,
    });
    await comeBack(trip);
    return trip;
  };
  const first = await lose();
  const again = await makeTrip(system, { person: first.person });
  await comeBack(again);
  expect(await listUnknownConsents(first.person)).toEqual([]);

  const second = await lose();
  const { person, attemptId } = second;
  expect(await listUnknownConsents(inTime(person, 89 * DAY_MS))).toHaveLength(1);
  expect(await listUnknownConsents(inTime(person, 91 * DAY_MS))).toEqual([]);
  const stranger = actingAs(person, { kind: 'user', userId: await addUser(system) });
  expect(await listUnknownConsents(stranger)).toEqual([]);
  await expect(dismissUnknownConsent(stranger, { attemptId })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(dismissUnknownConsent(actingAs(person, { kind: 'nobody' }), { attemptId })).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
  await expect(dismissUnknownConsent(person, { attemptId: 'no id' })).rejects.toMatchObject({ kind: 'not_found' });
  expect(await listUnknownConsents(person)).toHaveLength(1);
  await dismissUnknownConsent(person, { attemptId });
  expect(await listUnknownConsents(person)).toEqual([]);
  await expect(dismissUnknownConsent(person, { attemptId })).rejects.toMatchObject({ kind: 'not_found' });
});
