import { afterEach, expect, test } from 'vitest';
import { aSystem, linkPerson } from '#lib/testing/link-person';
import { withMovingClock } from '#lib/testing/moving-clock';
import { presenceOf } from '#lib/testing/presence-of';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { DAY_MS, HOUR_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { syncUnattended } from './sync-unattended.ts';

const standIn = aStandIn();
afterEach(() => standIn.control('POST', '/reset'));

const fail = (path: string, action: Record<string, unknown>) =>
  standIn.control('POST', '/faults', { match: { path }, action });

/**
 * What 24 hours of jobs cost, each run twice: when it is planned, and again a minute later, as when an admin asks for it.
 * Returns the counted calls.
 */
async function countedInADay(connectionId: string): Promise<number> {
  const begunAt = (await aSystem()).clock.now();
  for (let run = 0; run < 30; run++) {
    const system = await aSystem();
    const leftMs = DAY_MS - MINUTE_MS - msBetween(begunAt, system.clock.now());
    if (leftMs <= 0) break;
    const { ctx, pause } = withMovingClock(system, standIn.control);
    await syncUnattended(ctx, { connectionId, pause });
    await standIn.control('PUT', '/clock', { advance_ms: MINUTE_MS });
    const again = await aSystem();
    await syncUnattended(again, { connectionId });
    const { nextSyncAt } = await again.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    // No plan: no job before the user has signed in again.
    const waitMs = nextSyncAt === null ? leftMs : msBetween(again.clock.now(), nextSyncAt);
    await standIn.control('PUT', '/clock', { advance_ms: Math.min(leftMs, Math.max(MINUTE_MS, waitMs)) });
  }
  const system = await aSystem();
  return system.db.truelayerCall.count({ where: { connectionId, isCounted: true, startedAt: { gte: begunAt } } });
}

/** The mock users of TrueLayer's: they sign in, then every data call fails. */
test.each<[string, number]>([
  ['account_permanently_locked', 0],
  ['account_temporarily_locked', 0],
  ['user_input_required', 0],
  ['wrong_credentials', 0],
  ['internal_error', 4],
  ['provider_error', 4],
])('%s after a first look that failed costs at most %i counted calls in a day', async (code, most) => {
  const person = await linkPerson(standIn.url, { bankId: 'mock', login: `error.${code}/error` });
  const { connectionId, userId } = person;
  await person.system.db.connection.update({
    where: { id: connectionId },
    data: { nextSyncAt: new Date(person.system.clock.now().getTime() + DAY_MS) },
  });
  const { ctx, pause } = withMovingClock(person.ctx, standIn.control);
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId), pause });
  const counted = await countedInADay(connectionId);
  expect(counted).toBeLessThanOrEqual(most);
  const file = await person.system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  expect(file.lastErrorCode).toBe(code);
});

test('a locked login that nobody looked at first costs one counted call', async () => {
  const login = 'error.account_permanently_locked/error';
  const { connectionId, system } = await linkPerson(standIn.url, { bankId: 'mock', login });
  await system.db.connection.update({
    where: { id: connectionId },
    data: { nextSyncAt: system.clock.now() },
  });
  expect(await countedInADay(connectionId)).toBe(1);
});

/** Codes that a linked account may meet from one day to the next: the most counted calls of one account in 24 hours. */
const OF_A_LINKED_ACCOUNT: [string, number][] = [
  // Whether the bank refuses asynchronous calls or all of them is found out once in a run, by a plain one.
  ['validation_error', 4],
  ['invalid_date_range', 3],
  ['deprecated_provider', 1],
  ['access_denied', 3],
  ['invalid_credentials_key', 1],
  ['sca_exceeded', 3],
  ['account_not_found', 4],
  ['provider_too_many_requests', 4],
  ['provider_request_limit_exceeded', 1],
  ['internal_server_error', 4],
  ['internal_error', 4],
  ['endpoint_not_supported', 4],
  ['provider_error', 4],
  ['temporarily_unavailable', 4],
  ['connector_overload', 4],
  ['connector_timeout', 4],
  ['provider_timeout', 4],
  ['account_permanently_locked', 2],
  ['account_temporarily_locked', 2],
  ['user_input_required', 2],
  ['wrong_credentials', 2],
];

test.each(OF_A_LINKED_ACCOUNT)(
  '%s from every call costs an account at most %i counted calls in a day',
  async (error, most) => {
    const person = await linkPerson(standIn.url, { bankId: 'ob-mettle' });
    const { connectionId, userId } = person;
    await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
    await syncUnattended(await aSystem(), { connectionId });
    await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + HOUR_MS });
    const system = await aSystem();
    await system.db.connection.update({ where: { id: connectionId }, data: { nextSyncAt: system.clock.now() } });
    const begunAt = system.clock.now();
    await fail('^/data/v1/(accounts|cards)', { error });
    await countedInADay(connectionId);
    const calls = await system.db.truelayerCall.groupBy({
      by: ['accountId'],
      where: { connectionId, isCounted: true, startedAt: { gte: begunAt }, accountId: { not: null } },
      _count: true,
    });
    for (const { _count } of calls) expect(_count).toBeLessThanOrEqual(most);
    expect(calls.length).toBeGreaterThan(0);
  },
);
