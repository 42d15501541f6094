import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listAccounts } from '#lib/accounts/list-accounts';
import type { CurrentFault } from '#lib/connections/faults/fault';
import { listFaults } from '#lib/connections/faults/list-faults';
import { getAttempt } from '#lib/connections/get-attempt';
import { getConnection } from '#lib/connections/get-connection';
import { listConnections } from '#lib/connections/list-connections';
import type { Context } from '#lib/context/context';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { addUser, aSystem } from '#lib/testing/link-person';
import { withMovingClock } from '#lib/testing/moving-clock';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { comeBack, makeTrip, prepareTrips, type Trip } from '#lib/testing/trip';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { DAY_MS } from '#lib/time/span';
import { handlingByCode } from '#lib/truelayer/error-codes';
import { stateOf } from '../(account)/_connection-state.ts';
import { isSettled } from '../(account)/connect/result/[attemptId]/_progress.ts';
import { faultResources, faultWords } from './faults.ts';

const simulator = aSimulator();
const ACCOUNT = 'TRANSACTION ACCOUNT 1';
let system: Context;
/** The simulator's mock user has the same accounts under the same ids at each login. */
let trueLayerAccountId: string;
beforeAll(async () => {
  system = await prepareTrips();
  const trip = await link();
  await firstSync(trip);
  const where = { connectionId: trip.connectionId, displayName: ACCOUNT };
  const row = await system.db.bankAccount.findFirstOrThrow({ where, select: { truelayerId: true } });
  trueLayerAccountId = row.truelayerId;
});
afterEach(async () => {
  await simulator.control('POST', '/reset');
  await system.db.bank.updateMany({ data: { breakerOpenUntil: null, breakerFailures: 0 } });
});

/** TrueLayer's documented codes of a data call, with their HTTP status. */
const DOCUMENTED: [code: string, status: number][] = [
  ['validation_error', 400],
  ['invalid_date_range', 400],
  ['deprecated_provider', 400],
  ['unauthorized', 401],
  ['invalid_token', 401],
  ['access_denied', 403],
  ['invalid_credentials_key', 403],
  ['sca_exceeded', 403],
  ['account_not_found', 404],
  ['provider_too_many_requests', 429],
  ['provider_request_limit_exceeded', 429],
  ['internal_server_error', 500],
  ['endpoint_not_supported', 501],
  ['provider_error', 503],
  ['temporarily_unavailable', 503],
  ['connector_overload', 503],
  ['connector_timeout', 504],
  ['provider_timeout', 504],
];

const MOCK_USERS = [
  'account_permanently_locked',
  'account_temporarily_locked',
  'internal_error',
  'provider_error',
  'user_input_required',
  'wrong_credentials',
];

/** Nothing of ours stands for all kinds: these are what a user saw of a fault before faults were told. */
const EMPTY_STATES = ['Fetching for the first time', 'Up to date', 'No data yet'];

async function link(visit = {}, bankId = 'mock'): Promise<Trip & { connectionId: string; userId: string }> {
  const trip = await makeTrip(system, { bankId, visit });
  await comeBack(trip);
  const { connectionId } = await getAttempt(trip.person, trip.attemptId);
  const userId = trip.person.actor.kind === 'user' ? trip.person.actor.userId : '';
  return { ...trip, connectionId: connectionId ?? '', userId };
}

async function firstSync({ person, connectionId, userId }: { person: Context; connectionId: string; userId: string }) {
  const { ctx, pause } = withMovingClock(person, simulator.control);
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId), pause });
}

/** What each of the four views is drawn from. */
async function readViews(trip: { person: Context; attemptId: string; connectionId: string }) {
  const { person, attemptId, connectionId } = trip;
  const [listed] = await listConnections(person);
  if (listed === undefined) throw new Error('no connection');
  const detail = await getConnection(person, connectionId);
  const attempt = await getAttempt(person, attemptId);
  const faults = await listFaults(person, { connectionId });
  return { listed, detail, attempt, landed: faults.get(connectionId), accounts: await listAccounts(person) };
}

function expectTold(views: Awaited<ReturnType<typeof readViews>>, code: string): CurrentFault {
  const { listed, detail, attempt, landed } = views;
  expect(isSettled(attempt)).toBe(true);
  const fault = landed?.main;
  if (fault === null || fault === undefined) throw new Error(`${code} is not told`);
  expect(fault.code).toBe(code);
  expect(listed.faults.main).toEqual(fault);
  expect(detail.faults.main).toEqual(fault);
  expect(EMPTY_STATES).not.toContain(stateOf(listed).words);
  expect(stateOf(detail)).toEqual(stateOf(listed));
  expect(fault.reference).toMatch(/^[0-9a-f-]{36}$/);
  const words = faultWords(fault, { connectionId: listed.id, bankName: listed.bankName });
  expect(words.action?.href ?? null).toBe(fault.nextStep === 'log_in' ? `/connections/${listed.id}/reconfirm` : null);
  if (fault.nextStep === 'contact_bank') expect(words.text).toContain('Contact your bank');
  if (fault.nextStep === 'visit_bank') expect(words.text).toContain('your bank’s own app or website');
  return fault;
}

describe('a data call that fails at the first sync is told on every view', () => {
  test.each(DOCUMENTED)('%s from every call', async (code, status) => {
    const trip = await link();
    const match = { path: '^/data/v1/(info|accounts|cards)' };
    await simulator.control('POST', '/faults', { match, action: { error: code, status } });
    await firstSync(trip);
    const fault = expectTold(await readViews(trip), code);
    expect(fault.scope).toBe('connection');
  });

  test.each(DOCUMENTED)('%s from the balance of one account', async (code, status) => {
    const trip = await link();
    const match = { path: `/data/v1/accounts/${trueLayerAccountId}/balance` };
    await simulator.control('POST', '/faults', { match, action: { error: code, status } });
    await firstSync(trip);
    const views = await readViews(trip);
    const ours = views.accounts.find(({ name }) => name === ACCOUNT);
    const faults = views.listed.faults.byAccount.get(ours?.id ?? '') ?? [];
    expect(faults).toContainEqual(expect.objectContaining({ code, resources: ['balance'] }));
    for (const fault of faults) expect(faultResources(fault)).toBe('balance');
  });

  test.each(MOCK_USERS)('TrueLayer’s mock user error.%s', async (code) => {
    const trip = await link({ username: `error.${code}`, password: 'error' });
    await firstSync(trip);
    const views = await readViews(trip);
    expectTold(views, code);
    expect(views.accounts).toEqual([]);
    expect(views.listed.faults.hasSynced).toBe(true);
  });

  test.each([
    ['an answer that is not JSON', { body: '<html>', headers: { 'Content-Type': 'text/html' } }, 'not_json'],
    ['an answer that is not final', { running_200: true }, 'not_final'],
    ['a dropped connection', { drop: true }, 'network'],
    ['a code that is not documented', { error: 'no_such_code', status: 418 }, 'unknown'],
  ])('%s', async (_, action, code) => {
    const trip = await link();
    await simulator.control('POST', '/faults', { match: { path: '^/data/v1/(info|accounts|cards)' }, action });
    await firstSync(trip);
    expectTold(await readViews(trip), code);
  });
});

describe('no fault is told', () => {
  test('of a user whose data came, and the state is up to date', async () => {
    const trip = await link();
    await firstSync(trip);
    await syncFully(await aSystem(), trip.connectionId);
    const { listed, landed, attempt } = await readViews(trip);
    expect(landed).toEqual({ main: null, byAccount: new Map(), hasSynced: true });
    expect(listed.faults).toEqual(landed);
    expect(stateOf(listed)).toMatchObject({ tone: 'good', words: 'Up to date' });
    expect(attempt.steps).toEqual({ accounts: 'done', balances: 'done', transactions: 'done' });
  });

  test('before the first sync has ended', async () => {
    const trip = await link();
    const { listed, attempt } = await readViews(trip);
    expect(listed.faults).toEqual({ main: null, byAccount: new Map(), hasSynced: false });
    expect(stateOf(listed).words).toBe('Fetching for the first time');
    expect(isSettled(attempt)).toBe(false);
  });

  test('of what a bank opens only after a login, or does not have', async () => {
    const trip = await link({}, 'ob-tesco');
    await firstSync(trip);
    await syncFully(await aSystem(), trip.connectionId);
    await simulator.control('PUT', '/clock', { advance_ms: DAY_MS });
    await syncFully(await aSystem(), trip.connectionId);
    const { listed } = await readViews({ ...trip, person: await atNow(trip.person) });
    expect(listed.faults).toMatchObject({ main: null, hasSynced: true });
  });

  test('of another user’s connection, nor of one that does not exist', async () => {
    const trip = await link({ username: 'error.provider_error', password: 'error' });
    await firstSync(trip);
    const other = { ...trip.person, actor: { kind: 'user' as const, userId: await addUser(system) } };
    expect(await listFaults(other, { connectionId: trip.connectionId })).toEqual(new Map());
    expect(await listFaults(other)).toEqual(new Map());
    expect(await listFaults(trip.person, { connectionId: 'nothing' })).toEqual(new Map());
    expect((await listFaults(trip.person)).get(trip.connectionId)?.main?.code).toBe('provider_error');
  });

  test('of a consent that has expired', async () => {
    const trip = await link({ username: 'error.provider_error', password: 'error' });
    await firstSync(trip);
    await simulator.control('PUT', '/clock', { advance_ms: 91 * DAY_MS });
    const { listed } = await readViews({ ...trip, person: await atNow(trip.person) });
    expect(listed).toMatchObject({ status: 'expired', faults: { main: null } });
    expect(stateOf(listed).words).toBe('Ended');
  });
});

test('a fault of a later sync is told with the time of the next one, and is gone with the first success', async () => {
  const trip = await link();
  await firstSync(trip);
  await syncFully(await aSystem(), trip.connectionId);
  await simulator.control('PUT', '/clock', { advance_ms: DAY_MS });
  const match = { path: '^/data/v1/accounts/[^/]+/' };
  await simulator.control('POST', '/faults', { match, action: { error: 'provider_timeout', status: 504 } });
  await syncFully(await aSystem(), trip.connectionId);
  const failed = await readViews({ ...trip, person: await atNow(trip.person) });
  const fault = failed.listed.faults.main;
  expect(fault).toMatchObject({ code: 'provider_timeout', nextStep: 'wait' });
  const now = (await aSystem()).clock.now();
  expect(fault?.nextTryAt?.getTime()).toBeGreaterThan(now.getTime());
  expect(stateOf(failed.listed).tone).toBe('caution');
  await simulator.control('DELETE', '/faults');
  await simulator.control('PUT', '/clock', { advance_ms: DAY_MS });
  await syncFully(await aSystem(), trip.connectionId);
  const { listed } = await readViews({ ...trip, person: await atNow(trip.person) });
  expect(listed.faults.main).toBeNull();
  expect(stateOf(listed).words).toBe('Up to date');
});

test('every known code has a title of its own kind and a text, and no text speaks of codes', () => {
  for (const [code, { kind }] of Object.entries(handlingByCode)) {
    for (const scope of ['connection', 'account'] as const) {
      const fault = aFault({ code, kind, scope });
      const { title, text, badge } = faultWords(fault, { connectionId: 'c', bankName: 'Monzo' });
      expect(title).not.toBe('');
      expect(text).toMatch(/[.]$/);
      expect(badge.length).toBeLessThan(28);
      expect(`${title} ${text}`).not.toContain('_');
    }
  }
});

function aFault(rest: Partial<CurrentFault>): CurrentFault {
  const at = new Date('2026-03-03T10:00:00Z');
  return {
    code: 'unknown',
    kind: 'unknown',
    nextStep: 'wait',
    scope: 'connection',
    accountIds: [],
    resources: [],
    since: at,
    nextTryAt: at,
    reference: 'r',
    ...rest,
  };
}

async function atNow(person: Context): Promise<Context> {
  return { ...person, clock: (await aSystem()).clock };
}
