import { beforeAll, beforeEach, expect, test } from 'vitest';
import { actingAs, type Context } from '#lib/context/context';
import { database } from '#lib/db/client';
import { NotFoundError } from '#lib/errors/app-error';
import { addUser } from '#lib/testing/link-person';
import { comeBack, makeTrip, prepareTrips, type Trip } from '#lib/testing/trip';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { offsetClock } from '#lib/time/clock';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { readCallback } from '#lib/truelayer/callback';
import { expireAttempts } from './expire-attempts.ts';
import { findUnfinished } from './find-unfinished.ts';
import { getAttempt } from './get-attempt.ts';
import { noteView } from './note-view.ts';

const standIn = aStandIn(SHORT_HISTORY);
let system: Context;

beforeAll(async () => {
  system = await prepareTrips();
});
beforeEach(() => standIn.control('POST', '/reset'));

const stateOf = (trip: Trip) => getAttempt(trip.person, trip.attemptId);
const connectionsOf = ({ person }: Trip) =>
  system.db.connection.findMany({
    where: { userId: person.actor.kind === 'user' ? person.actor.userId : '' },
    select: { id: true, bankId: true, permissions: { select: { permission: true } } },
  });
const later = (ctx: Context, ms: number): Context => ({ ...ctx, clock: offsetClock(ms) });
/** Tests of other files are on their way just now: a job of tomorrow must see this person's trips and nobody else's. */
function onlyOf({ person }: Trip, ctx: Context): Context {
  const userId = person.actor.kind === 'user' ? person.actor.userId : '';
  const db = database().$extends({
    query: {
      attempt: { findMany: ({ args, query }) => query({ ...args, where: { AND: [args.where ?? {}, { userId }] } }) },
    },
  });
  // An extended client has all that the plain one has.
  return { ...ctx, db: db as unknown as Context['db'] };
}
const switchTo = (switches: object) => standIn.control('PUT', '/switches', switches);
const faultAtToken = (action: object) =>
  standIn.control('POST', '/faults', { match: { path: '/connect/token' }, action });

test.each([
  ['dialog', null, { provider_id: null, consent_id: null, providers: 'uk-cs-mock uk-ob-all uk-oauth-all' }],
  ['bank-selection', 'ob-monzo', { provider_id: 'ob-monzo', consent_id: null }],
  ['direct', 'ob-monzo', null],
] as const)('the %s flow leads through its own screens to a linked bank', async (flow, bankId, expected) => {
  const trip = await makeTrip(system, { flow, bankId, visit: { providerId: 'ob-monzo' } });
  if (expected === null) expect(trip.link.pathname).toMatch(/^\/bank\/[^/]+\/login$/);
  else for (const [name, value] of Object.entries(expected)) expect(trip.link.searchParams.get(name)).toBe(value);
  expect(await comeBack(trip)).toBe('accepted');
  expect(await stateOf(trip)).toMatchObject({ stage: 'linked', bankId: 'ob-monzo', bankName: 'Monzo' });
  const receipt = await system.db.consentReceipt.findUniqueOrThrow({ where: { attemptId: trip.attemptId } });
  expect(receipt).toMatchObject({ kind: flow === 'direct' ? 'consent' : 'information', bankId: 'ob-monzo' });
});

test('a bank with questions of its own is reached through TrueLayer’s pages, which can ask them', async () => {
  const providers = ['fr-stet-all'];
  const trip = await makeTrip(system, { flow: 'direct', bankId: 'stet-credit-agricole', providers });
  expect(trip.link.searchParams.get('provider_id')).toBe('stet-credit-agricole');
  expect(trip.link.searchParams.get('consent_id')).toBeNull();
  await comeBack(trip);
  expect(await stateOf(trip)).toMatchObject({ stage: 'linked', bankId: 'stet-credit-agricole' });
});

test('what is left out is asked of nobody, and the receipt says so', async () => {
  await expect(makeTrip(system, { declined: ['transactions', 'nonsense'] })).rejects.toMatchObject({
    code: 'group_unknown',
  });
  const trip = await makeTrip(system, { declined: ['transactions', 'holder'] });
  expect(trip.link.searchParams.get('scope')).toBe('accounts cards balance offline_access');
  await comeBack(trip);
  const receipt = await system.db.consentReceipt.findUniqueOrThrow({ where: { attemptId: trip.attemptId } });
  expect(receipt.declined).toEqual(['transactions', 'holder']);
  expect(receipt.permissions).not.toContain('transactions');
});

test('less than was asked for is stored as what it is, and said', async () => {
  await switchTo({ withheld_scopes: ['transactions', 'info'] });
  const trip = await makeTrip(system);
  await comeBack(trip);
  const [connection] = await connectionsOf(trip);
  expect(connection?.permissions.map(({ permission }) => permission)).not.toContain('transactions');
  expect(await stateOf(trip)).toMatchObject({ stage: 'linked', missingPermissions: ['info', 'transactions'] });
});

test.each([
  ['access_denied', 'cancelled', 'cancelled_at_bank'],
  ['provider_error', 'failed', 'bank_trouble'],
  ['temporarily_unavailable', 'failed', 'bank_unavailable'],
  ['server_error', 'failed', 'truelayer_trouble'],
  ['internal_server_error', 'failed', 'truelayer_trouble'],
  ['invalid_request', 'failed', 'our_configuration'],
  ['invalid_scope', 'failed', 'our_configuration'],
  ['unauthorized_client', 'failed', 'our_configuration'],
  ['something_new', 'failed', 'unknown_refusal'],
])('a return with %s ends the trip as %s: %s', async (error, stage, outcomeCode) => {
  await switchTo({ callback_error: error, callback_description: false });
  const trip = await makeTrip(system);
  expect(await comeBack(trip)).toBe('accepted');
  expect(await stateOf(trip)).toMatchObject({ stage, outcomeCode, connectionId: null });
  expect(await connectionsOf(trip)).toEqual([]);
});

test('a refusal’s description is kept without what may be a secret, and a callback without one keeps none', async () => {
  const [told, untold] = [await makeTrip(system), await makeTrip(system)];
  const query = (trip: typeof told, rest: string) =>
    readCallback(new URLSearchParams(`error=access_denied&state=${trip.answer.state}${rest}`));
  await comeBack(told, query(told, `&error_description=Declined+by+the+user%00+token=${'k'.repeat(40)}`));
  await comeBack(untold, query(untold, ''));
  const descriptionOf = ({ attemptId }: typeof told) =>
    system.db.attempt.findUnique({ where: { id: attemptId }, select: { refusalDescription: true } });
  expect(await descriptionOf(told)).toEqual({ refusalDescription: 'Declined by the user [redacted]' });
  expect(await descriptionOf(untold)).toEqual({ refusalDescription: null });
});

test.each(['banks', 'consent', 'login', 'accounts'] as const)('leaving at the screen of the %s cancels', async (at) => {
  const trip = await makeTrip(system, { flow: 'dialog', bankId: null, visit: { cancelAt: at, providerId: 'mock' } });
  await comeBack(trip);
  expect(await stateOf(trip)).toMatchObject({ stage: 'cancelled', outcomeCode: 'cancelled_at_bank' });
});

test('neither code nor error is an answer of its own', async () => {
  const trip = await makeTrip(system);
  await comeBack(trip, { kind: 'empty', state: trip.answer.state });
  expect(await stateOf(trip)).toMatchObject({ stage: 'failed', outcomeCode: 'no_answer' });
});

test('a return that comes twice, and twice at once, makes one connection with one exchange', async () => {
  const trip = await makeTrip(system);
  await Promise.all([comeBack(trip), comeBack(trip), comeBack(trip)]);
  expect(await comeBack(trip)).toBe('settled');
  expect(await connectionsOf(trip)).toHaveLength(1);
  const requests = (await standIn.control('GET', '/requests')) as { path: string }[];
  expect(requests.filter(({ path }) => path === '/connect/token')).toHaveLength(1);
});

test('without a state, or with one that is not ours, nothing is touched', async () => {
  const trip = await makeTrip(system);
  const forged = { ...trip.answer, state: 'A'.repeat(43) };
  for (const answer of [forged, { ...trip.answer, state: null }]) expect(await comeBack(trip, answer)).toBe('lost');
  expect(await stateOf(trip)).toMatchObject({ stage: 'waiting' });
  expect(await comeBack(trip)).toBe('accepted');
});

test('somebody else’s state opens nothing for a stranger, and stays good for its person', async () => {
  const trip = await makeTrip(system);
  const stranger = actingAs(system, { kind: 'user', userId: await addUser(system) });
  expect(await comeBack(trip, trip.answer, stranger)).toBe('lost');
  await expect(getAttempt(stranger, trip.attemptId)).rejects.toThrow(NotFoundError);
  expect(await comeBack(trip)).toBe('accepted');
  expect(await stateOf(trip)).toMatchObject({ stage: 'linked' });
});

test('a state that has expired opens nothing, and the trip says that its person came back', async () => {
  const trip = await makeTrip(system);
  expect(await comeBack(trip, trip.answer, later(trip.person, 31 * MINUTE_MS))).toBe('settled');
  expect(await stateOf(trip)).toMatchObject({ stage: 'expired', outcomeCode: 'came_back_late' });
  expect(await connectionsOf(trip)).toEqual([]);
});

test('two tabs of one browser go to two banks, and both are linked', async () => {
  const monzo = await makeTrip(system, { bankId: 'ob-monzo' });
  const { person, browserSecret } = monzo;
  const starling = await makeTrip(system, { bankId: 'ob-starling', person, browserSecret });
  await Promise.all([comeBack(starling), comeBack(monzo)]);
  expect((await connectionsOf(monzo)).map(({ bankId }) => bankId).sort()).toEqual(['ob-monzo', 'ob-starling']);
});

test.each([
  ['answers slowly', { delay_ms: 300 }, 'linked', null],
  ['is down', { status: 503 }, 'failed', 'exchange_refused'],
  ['has a fault', { status: 500, error: 'internal_server_error' }, 'failed', 'exchange_refused'],
  ['does its work and the answer is lost', { drop_after: true }, 'failed', 'exchange_lost'],
  ['gives nonsense', { malformed: true }, 'failed', 'exchange_lost'],
  ['says that the code is used up', { status: 400, error: 'invalid_grant' }, 'failed', 'code_refused'],
  ['doesn’t know our client', { status: 400, error: 'invalid_client' }, 'failed', 'our_configuration'],
])('when the token endpoint %s, the trip says so and nothing is half stored', async (_, action, stage, outcomeCode) => {
  await faultAtToken(action);
  const trip = await makeTrip(system);
  await comeBack(trip);
  expect(await stateOf(trip)).toMatchObject({ stage, outcomeCode });
  expect(await connectionsOf(trip)).toHaveLength(stage === 'linked' ? 1 : 0);
  const kept = await system.db.attempt.findUniqueOrThrow({ where: { id: trip.attemptId } });
  expect([kept.codeSealed, kept.verifierSealed]).toEqual([null, null]);
});

test('who never comes back is closed, counted, and asked at the next visit whether to go on', async () => {
  const trip = await makeTrip(system, { bankId: 'ob-monzo' });
  const tomorrow = later(system, DAY_MS);
  await expireAttempts(onlyOf(trip, tomorrow));
  expect(await stateOf(trip)).toMatchObject({ stage: 'expired', outcomeCode: 'never_returned' });
  const steps = await system.db.journeyStep.findMany({
    where: { attemptId: trip.attemptId },
    select: { step: true, outcome: true, device: true },
    orderBy: { at: 'asc' },
  });
  expect(steps).toEqual([
    { step: 'redirected', outcome: null, device: 'phone' },
    { step: 'ended', outcome: 'never_returned', device: 'phone' },
  ]);
  const nextDay = later(trip.person, DAY_MS);
  expect(await findUnfinished(nextDay)).toMatchObject({ bank: { name: 'Monzo' }, stoppedAt: 'bank' });
  await comeBack(await makeTrip(system, { bankId: 'ob-monzo', person: trip.person }));
  expect(await findUnfinished(nextDay)).toBeNull();
  expect(await findUnfinished(later(trip.person, 9 * DAY_MS))).toBeNull();
});

test('who presses twice made one trip: the other is no trip on which somebody was lost', async () => {
  const first = await makeTrip(system);
  const second = await makeTrip(system, { person: first.person, browserSecret: first.browserSecret });
  await comeBack(second);
  await expireAttempts(onlyOf(first, later(system, DAY_MS)));
  expect(await stateOf(first)).toMatchObject({ stage: 'expired', outcomeCode: 'superseded' });
  expect(await stateOf(second)).toMatchObject({ stage: 'linked' });
});

test('a page looked at twice is one view, and who stopped there is asked later, not while they read', async () => {
  const person = actingAs(system, { kind: 'user', userId: await addUser(system) });
  const view = { step: 'permissions_viewed', bankId: 'ob-monzo', device: 'desktop' } as const;
  await Promise.all([noteView(person, view), noteView(person, view)]);
  const userId = person.actor.kind === 'user' ? person.actor.userId : '';
  expect(await system.db.journeyStep.count({ where: { userId } })).toBe(1);
  expect(await findUnfinished(person)).toBeNull();
  expect(await findUnfinished(later(person, DAY_MS))).toMatchObject({
    bank: { id: 'ob-monzo' },
    stoppedAt: 'permissions',
  });
});
