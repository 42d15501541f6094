import { afterEach, expect, test } from 'vitest';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { withMovingClock } from '#lib/testing/moving-clock';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { DAY_MS, HOUR_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { refreshNow } from './refresh-now.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn();
afterEach(() => standIn.control('POST', '/reset'));

const BANK = 'ob-starling';
const wait = (ms: number) => standIn.control('PUT', '/clock', { advance_ms: ms });
const fail = (path: string, action: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  standIn.control('POST', '/faults', { match: { path }, action, ...rest });

/** Somebody with five accounts, linked yesterday and fetched since. */
async function aBusyPerson(): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  const { connectionId, userId, ctx } = person;
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(await aSystem(), { connectionId });
  await wait(DAY_MS + 30 * MINUTE_MS);
  return person;
}

const accountsOf = ({ system, connectionId }: LinkedPerson) =>
  system.db.bankAccount.findMany({
    where: { connectionId },
    orderBy: { position: 'asc' },
    select: { id: true, truelayerId: true, kind: true, coveredFrom: true },
  });

async function statesOf({ system }: LinkedPerson, accountId: string) {
  const rows = await system.db.accountResource.findMany({ where: { accountId } });
  return Object.fromEntries(rows.map(({ resource, state, code }) => [resource, code ?? state]));
}

const FAULTS: [string, Record<string, unknown>, string][] = [
  ['provider_error', { error: 'provider_error' }, 'provider_error'],
  ['account_temporarily_locked', { error: 'account_temporarily_locked' }, 'account_temporarily_locked'],
  ['internal_server_error', { error: 'internal_server_error' }, 'internal_server_error'],
  ['a 429', { error: 'provider_too_many_requests' }, 'provider_too_many_requests'],
  ['invalid_token', { error: 'invalid_token' }, 'invalid_token'],
  ['an HTML page', { status: 200, body: '<html>maintenance</html>' }, 'not_json'],
  ['broken JSON', { malformed: true }, 'not_json'],
  ['results that are an object', { status: 200, body: { results: {}, status: 'Succeeded' } }, 'unexpected_shape'],
  ['no results', { status: 200, body: { status: 'Succeeded' } }, 'unexpected_shape'],
  ['a dropped connection', { drop: true }, 'network'],
];

test.each(FAULTS)(
  '%s on one account’s path costs that resource of that account, and no other',
  async (_, action, code) => {
    const person = await aBusyPerson();
    const { connectionId } = person;
    const [broken, ...others] = await accountsOf(person);
    expect(others.length).toBeGreaterThan(2);
    await fail(`/data/v1/accounts/${broken?.truelayerId}/transactions`, action);
    const report = await syncFully(await aSystem(), connectionId);
    expect(report).toMatchObject({ outcome: 'partial', code });
    expect(await statesOf(person, broken?.id ?? '')).toMatchObject({
      transactions: code,
      balance: 'ok',
      pending: 'ok',
    });
    for (const { id } of others) {
      expect(await statesOf(person, id)).toMatchObject({ transactions: 'ok', balance: 'ok', pending: 'ok' });
    }
    const connection = await person.system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    expect(connection).toMatchObject({ status: 'active', failures: 0, heldUntil: null, grantRefusedAt: null });
    const bank = await person.system.db.bank.findUniqueOrThrow({ where: { id: BANK } });
    expect(bank).toMatchObject({ breakerFailures: 0, breakerOpenUntil: null });
  },
);

test('the failing account is tried at its own times, and the others’ calls are spent on them only', async () => {
  const person = await aBusyPerson();
  const { connectionId } = person;
  const [broken, ...others] = await accountsOf(person);
  await fail(`/data/v1/accounts/${broken?.truelayerId}/transactions`, { error: 'provider_error' });
  const begunAt = (await aSystem()).clock.now();
  for (let run = 0; run < 12; run++) {
    const system = await aSystem();
    if (msBetween(begunAt, system.clock.now()) > 20 * HOUR_MS) break;
    await syncFully(system, connectionId);
    // Whoever asks for a sync before anything is due, nothing is sent.
    const before = await system.db.truelayerCall.count({ where: { connectionId, isCounted: true } });
    await syncFully(system, connectionId);
    expect(await system.db.truelayerCall.count({ where: { connectionId, isCounted: true } })).toBe(before);
    const { nextSyncAt } = await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    await wait(Math.max(MINUTE_MS, msBetween(system.clock.now(), nextSyncAt ?? system.clock.now())));
  }
  const callsOf = (accountId: string) =>
    person.system.db.truelayerCall.count({ where: { accountId, isCounted: true, startedAt: { gte: begunAt } } });
  expect(await callsOf(broken?.id ?? '')).toBe(4);
  for (const { id } of others) expect(await callsOf(id)).toBe(3);
});

test('null is an empty list, and costs nobody anything', async () => {
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  const { connectionId, userId, ctx } = person;
  await fail(
    '/data/v1/accounts/*/direct_debits',
    { status: 200, body: { results: null, status: 'Succeeded' } },
    { times: 1 },
  );
  expect(await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) })).toMatchObject({
    outcome: 'complete',
  });
  for (const { id } of await accountsOf(person)) {
    expect(await statesOf(person, id)).toMatchObject({ direct_debits: 'ok', standing_orders: 'ok' });
  }
});

test('at first link one failing account delays no other, and all others get their whole history', async () => {
  const first = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  await firstAttendedPass(first.ctx, { connectionId: first.connectionId, presence: presenceOf(first.userId) });
  const [known] = await accountsOf(first);
  const person = await linkPerson(standIn.url, { bankId: BANK, login: 'quiet/quiet' });
  const { connectionId } = person;
  await fail(`/data/v1/accounts/${known?.truelayerId}/transactions`, { error: 'provider_error' });
  const { ctx, pause } = withMovingClock(await aSystem(), standIn.control);
  await syncUnattended(ctx, { connectionId, pause });
  const [broken, ...others] = await accountsOf(person);
  expect(broken?.truelayerId).toBe(known?.truelayerId);
  for (const { coveredFrom } of others)
    expect(msBetween(coveredFrom ?? ctx.clock.now(), ctx.clock.now())).toBeGreaterThan(365 * DAY_MS);
});

test('a person’s own refresh asks again at once, a job’s doesn’t', async () => {
  const person = await aBusyPerson();
  const { connectionId, userId } = person;
  const [broken] = await accountsOf(person);
  const path = `/data/v1/accounts/${broken?.truelayerId}/transactions`;
  await fail(path, { error: 'provider_error' });
  await syncFully(await aSystem(), connectionId);
  await standIn.control('DELETE', '/faults');
  const system = await aSystem();
  await syncFully(system, connectionId);
  expect(await statesOf(person, broken?.id ?? '')).toMatchObject({ transactions: 'provider_error' });
  await refreshNow({ ...system, actor: person.ctx.actor }, { connectionId, presence: presenceOf(userId) });
  expect(await statesOf(person, broken?.id ?? '')).toMatchObject({ transactions: 'ok' });
});
