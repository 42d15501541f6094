import { afterEach, expect, test } from 'vitest';
import { aSystem, type LinkedPerson, linkPerson, signInAgain } from '#lib/testing/link-person';
import { withMovingClock } from '#lib/testing/moving-clock';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { dayOf, daysBetween } from '#lib/time/day';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { noteBankSuccess } from './breaker.ts';
import { firstAttendedPass } from './first-attended-pass.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn();
afterEach(async () => {
  await standIn.control('POST', '/reset');
  // Several connections in a row that fail open the bank's breaker for the tests after them.
  await noteBankSuccess(await aSystem(), BANK);
});

const BANK = 'ob-tide';
const TRANSACTIONS = '/data/v1/accounts/*/transactions';
const fail = (action: Record<string, unknown>, rest: Record<string, unknown> = {}, path = TRANSACTIONS) =>
  standIn.control('POST', '/faults', { match: { path }, action, ...rest });

const historiesOf = async ({ system, connectionId }: LinkedPerson) => {
  const select = { coveredFrom: true, coveredTo: true, historyLimitCode: true, historyMissingFrom: true } as const;
  const accounts = await system.db.bankAccount.findMany({
    where: { connectionId, kind: 'account' },
    orderBy: { position: 'asc' },
    select,
  });
  return accounts.map(({ coveredFrom, coveredTo, ...rest }) => ({
    ...rest,
    days: coveredFrom === null || coveredTo === null ? 0 : daysBetween(dayOf(coveredFrom), dayOf(coveredTo)),
  }));
};

const TRANSIENT: [string, Record<string, unknown>][] = [
  ['a 200 that says Running', { running_200: true }],
  ['a dropped connection', { drop: true }],
  ['an HTML page', { status: 200, body: '<html>Bad gateway</html>' }],
  ['a 429 with Retry-After', { error: 'provider_too_many_requests', headers: { 'Retry-After': '20' } }],
  ['a 503', { status: 503, error: 'provider_error' }],
  ['a time-out', { error: 'connector_timeout' }],
];

test.each(TRANSIENT.flatMap(([name, action]) => [1, 3].map((times) => [name, times, action] as const)))(
  '%s, %s times in the minutes after a sign-in, costs no history while the user is present',
  async (_, times, action) => {
    const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
    await fail(action, { times });
    const { ctx, pause, waitedMs } = withMovingClock(person.ctx, standIn.control);
    const presence = presenceOf(person.userId);
    await firstAttendedPass(ctx, { connectionId: person.connectionId, presence, pause });
    const job = withMovingClock(await aSystem(), standIn.control);
    await syncUnattended(job.ctx, { connectionId: person.connectionId, pause: job.pause });
    const histories = await historiesOf(person);
    expect(histories).toHaveLength(5);
    for (const history of histories) {
      expect(history.days).toBeGreaterThan(700);
      expect(history).toMatchObject({ historyLimitCode: null, historyMissingFrom: null });
    }
    expect([...waitedMs, ...job.waitedMs].reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2 * MINUTE_MS);
  },
);

test.each(TRANSIENT)(
  '%s, once for each of two accounts, costs no history when only a job is there',
  async (_, action) => {
    const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
    await fail(action, { times: 2 });
    const { ctx, pause } = withMovingClock(await aSystem(), standIn.control);
    await syncUnattended(ctx, { connectionId: person.connectionId, pause });
    for (const history of await historiesOf(person)) {
      expect(history.days).toBeGreaterThan(700);
      expect(history).toMatchObject({ historyLimitCode: null, historyMissingFrom: null });
    }
  },
);

test('the next account is asked at once, and the failed one before anything that can wait', async () => {
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  await fail({ running_200: true }, { times: 1 });
  const { ctx, pause } = withMovingClock(await aSystem(), standIn.control);
  await syncUnattended(ctx, { connectionId: person.connectionId, pause });
  const calls = await person.system.db.truelayerCall.findMany({
    where: { connectionId: person.connectionId, endpoint: { in: ['account_transactions', 'account_balance'] } },
    orderBy: { startedAt: 'asc' },
    select: { accountId: true, endpoint: true },
  });
  expect(new Set(calls.slice(0, 5).map(({ accountId }) => accountId)).size).toBe(5);
  const ofFailed = calls.filter(({ accountId }) => accountId === calls[0]?.accountId).map(({ endpoint }) => endpoint);
  expect(ofFailed.slice(0, 2)).toEqual(['account_transactions', 'account_transactions']);
});

test('what can’t be had in time is recorded with the missing days, and another sign-in brings it', async () => {
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  const { connectionId, userId } = person;
  await fail({ status: 503, error: 'provider_error' });
  const present = withMovingClock(person.ctx, standIn.control);
  await firstAttendedPass(present.ctx, { connectionId, presence: presenceOf(userId), pause: present.pause });
  const job = withMovingClock(await aSystem(), standIn.control);
  await syncUnattended(job.ctx, { connectionId, pause: job.pause });
  for (const history of await historiesOf(person)) {
    expect(history).toMatchObject({ historyLimitCode: 'history_interrupted', historyMissingFrom: expect.any(Date) });
  }
  await standIn.control('DELETE', '/faults');
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 30 * MINUTE_MS });
  await syncFully(await aSystem(), connectionId);
  for (const history of await historiesOf(person)) {
    expect(history).toMatchObject({ days: 89, historyLimitCode: 'history_interrupted' });
    expect(history.historyMissingFrom).not.toBeNull();
  }
  await signInAgain(person, 'quiet/quiet');
  const ctx = { ...(await aSystem()), actor: person.ctx.actor };
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(await aSystem(), { connectionId });
  for (const history of await historiesOf(person)) {
    expect(history.days).toBeGreaterThan(700);
    expect(history).toMatchObject({ historyLimitCode: null, historyMissingFrom: null });
  }
});

test('a process that is killed while it waits leaves the retry to the next one, within the window', async () => {
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  const { connectionId } = person;
  await fail({ error: 'provider_too_many_requests', headers: { 'Retry-After': '60' } }, { times: 1 });
  const killed = withMovingClock(await aSystem(), standIn.control);
  const dies = () => Promise.reject(new Error('killed'));
  await expect(syncUnattended(killed.ctx, { connectionId, pause: dies })).rejects.toThrow('killed');
  expect((await historiesOf(person)).filter(({ days }) => days === 0)).toHaveLength(1);
  const next = withMovingClock(await aSystem(), standIn.control);
  await syncUnattended(next.ctx, { connectionId, pause: next.pause });
  for (const { days } of await historiesOf(person)) expect(days).toBeGreaterThan(700);
});
