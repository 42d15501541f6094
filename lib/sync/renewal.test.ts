import { afterEach, expect, test } from 'vitest';
import { answerRenewal } from '#lib/connections/answer-renewal';
import { findRenewal } from '#lib/connections/renewal';
import { actingAs } from '#lib/context/context';
import { learnBank } from '#lib/testing/learned-bank';
import { addUser, aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { renewPerson } from '#lib/testing/renew-person';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { firstAttendedPass } from './first-attended-pass.ts';
import { isSamePerson } from './recognise.ts';
import { refreshNow } from './refresh-now.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn(SHORT_HISTORY);
afterEach(() => standIn.control('POST', '/reset'));

const BANK = 'ob-tesco';

async function aPersonOfYesterday(): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { bankId: BANK });
  await learnBank(person.ctx, BANK);
  await land(person);
  await syncFully(person.system, person.connectionId);
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 10 * MINUTE_MS });
  return { ...person, system: await aSystem() };
}

/** As the landing page does it. */
async function land({ ctx, connectionId, userId }: LinkedPerson) {
  const now = await aSystem();
  return firstAttendedPass({ ...now, actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
}

async function look({ system, connectionId }: LinkedPerson) {
  const { tokens, ...connection } = await system.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    include: { tokens: { orderBy: { role: 'asc' } } },
  });
  const rows = await system.db.transaction.count({ where: { account: { connectionId }, vanishedAt: null } });
  const accounts = await system.db.bankAccount.count({ where: { connectionId, goneAt: null } });
  return { ...connection, roles: tokens.map(({ role }) => role), tokens, rows, accounts };
}

const actionsOf = async ({ system, connectionId }: LinkedPerson) =>
  (await system.db.auditEntry.findMany({ where: { connectionId }, orderBy: { id: 'asc' } })).map(
    ({ action }) => action,
  );

test.each(['reauth_link', 'fresh_link'] as const)(
  'by a %s the new end counts once the new tokens have fetched; only a grant of its own leaves the old tokens until then',
  async (way) => {
    const person = await aPersonOfYesterday();
    const before = await look(person);
    await renewPerson(standIn.url, person, { way });
    expect(await look(person)).toMatchObject({
      roles: way === 'reauth_link' ? ['incoming'] : ['current', 'incoming'],
      consentExpiresAt: before.consentExpiresAt,
    });
    expect(await land(person)).toMatchObject({ outcome: 'complete' });
    const after = await look(person);
    expect(after.roles).toEqual(way === 'reauth_link' ? ['current'] : ['current', 'outgoing']);
    expect(after.consentExpiresAt?.getTime()).toBeGreaterThan(before.consentExpiresAt?.getTime() ?? 0);
    expect(after.authenticatedAt?.getTime()).toBeGreaterThan(before.authenticatedAt?.getTime() ?? 0);
    expect(after).toMatchObject({
      status: 'active',
      rows: before.rows,
      accounts: before.accounts,
      endPendingSince: null,
    });
    expect(after.credentialsId === before.credentialsId).toBe(way === 'reauth_link');
    expect(after.nextSyncAt).not.toBeNull();
    expect(await actionsOf(person)).toEqual(expect.arrayContaining(['consent.renewal_received', 'consent.renewed']));
  },
);

test('a renewal whose first fetch fails in passing is tried again by a job, and nothing was lost meanwhile', async () => {
  const person = await aPersonOfYesterday();
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  await standIn.control('POST', '/faults', {
    match: { path: '/data/**' },
    action: { status: 503, error: 'provider_error' },
  });
  expect(await land(person)).toMatchObject({ outcome: 'failed' });
  expect((await look(person)).roles).toEqual(['current', 'incoming']);
  await standIn.control('DELETE', '/faults');
  await standIn.control('PUT', '/clock', { advance_ms: 60_000 });
  await syncUnattended(await aSystem(), { connectionId: person.connectionId });
  expect(await look(person)).toMatchObject({ roles: ['current', 'outgoing'], status: 'active' });
});

test('a renewal that TrueLayer refuses is gone, and the grant in use goes on as if it had never been', async () => {
  const person = await aPersonOfYesterday();
  const before = await look(person);
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  const credentials_id = (await findRenewal(person.system, person.connectionId))?.credentialsId;
  const action = { status: 403, error: 'invalid_credentials_key' };
  await standIn.control('POST', '/faults', { match: { path: '/data/**', credentials_id }, action });
  await land(person);
  const after = await look(person);
  expect(after).toMatchObject({
    roles: ['current'],
    credentialsId: before.credentialsId,
    grantRefusedAt: null,
    status: 'active',
  });
  expect(await actionsOf(person)).toContain('consent.renewal_lost');
  expect(await syncFully(await aSystem(), person.connectionId)).toMatchObject({ outcome: 'complete' });
});

test('a run that dies after storing and before it ends is finished by the next one', async () => {
  const person = await aPersonOfYesterday();
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  // All has been fetched by the dead run: what is stored looks as fresh as can be.
  const now = (await aSystem()).clock.now();
  await person.system.db.accountResource.updateMany({
    where: { account: { connectionId: person.connectionId } },
    data: { lastOkAt: now, lastTriedAt: now },
  });
  await person.system.db.connectionResource.updateMany({
    where: { connectionId: person.connectionId },
    data: { lastOkAt: now, lastTriedAt: now },
  });
  await syncUnattended(await aSystem(), { connectionId: person.connectionId });
  expect((await look(person)).roles).toEqual(['current', 'outgoing']);
});

test('somebody else’s login is asked about, stores nothing, and leaves the grant in use alone', async () => {
  const person = await aPersonOfYesterday();
  const before = await look(person);
  await renewPerson(standIn.url, person, { way: 'fresh_link', login: 'john7/doe7' });
  expect(await land(person)).toMatchObject({ outcome: 'failed', code: 'renewal_questioned' });
  const asked = await look(person);
  expect(asked.tokens.find(({ role }) => role === 'incoming')?.questionedAt).not.toBeNull();
  expect(asked).toMatchObject({ rows: before.rows, accounts: before.accounts, credentialsId: before.credentialsId });
  expect(asked).toMatchObject({ status: 'active', lastErrorCode: null });

  expect(await syncFully(await aSystem(), person.connectionId)).toMatchObject({ outcome: 'complete' });
  const stranger = actingAs(await aSystem(), { kind: 'user', userId: await addUser(person.system) });
  await expect(
    answerRenewal(stranger, { connectionId: person.connectionId, isSamePerson: true }),
  ).rejects.toMatchObject({
    kind: 'not_found',
  });

  await answerRenewal(person.ctx, { connectionId: person.connectionId, isSamePerson: false });
  expect(await look(person)).toMatchObject({ roles: ['current', 'outgoing'], credentialsId: before.credentialsId });
  await expect(
    answerRenewal(person.ctx, { connectionId: person.connectionId, isSamePerson: true }),
  ).rejects.toMatchObject({ code: 'renewal_not_questioned' });
});

test('other accounts that the person says are theirs are taken over', async () => {
  const person = await aPersonOfYesterday();
  await renewPerson(standIn.url, person, { way: 'fresh_link', login: 'john8/doe8' });
  await land(person);
  await answerRenewal(person.ctx, { connectionId: person.connectionId, isSamePerson: true });
  expect(await land(person)).toMatchObject({ outcome: 'complete' });
  expect(await look(person)).toMatchObject({ roles: ['current', 'outgoing'], status: 'active' });
});

test('a renewal that is overtaken by another is revoked and not forgotten', async () => {
  const person = await aPersonOfYesterday();
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  expect((await look(person)).roles).toEqual(['current', 'incoming', 'outgoing']);
});

test('what TrueLayer wouldn’t say of a new grant is asked again before anything is revoked', async () => {
  const person = await aPersonOfYesterday();
  const before = await look(person);
  await renewPerson(standIn.url, person, { way: 'fresh_link', isNameless: true });
  await land(person);
  const after = await look(person);
  expect(after.roles).toEqual(['current', 'outgoing']);
  expect(after.credentialsId).not.toBe(before.credentialsId);
});

test('after the end of the consent a renewal fetches, also by a job, and the connection lives again', async () => {
  const person = await aPersonOfYesterday();
  await standIn.control('PUT', '/clock', { advance_ms: 91 * DAY_MS });
  const now = await aSystem();
  expect(await syncUnattended(now, { connectionId: person.connectionId })).toBeNull();
  expect(await look(person)).toMatchObject({ status: 'expired', nextSyncAt: null });
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  await syncUnattended(await aSystem(), { connectionId: person.connectionId });
  const after = await look(person);
  expect(after.status).toBe('active');
  expect(after.nextSyncAt).not.toBeNull();
});

test('a person’s own refresh uses a renewal that waits', async () => {
  const person = await aPersonOfYesterday();
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  const ctx = { ...(await aSystem()), actor: person.ctx.actor };
  await refreshNow(ctx, { connectionId: person.connectionId, presence: presenceOf(person.userId) });
  expect((await look(person)).roles).toEqual(['current', 'outgoing']);
});

test('one account that is recognised is enough; under the old name only numbers can contradict', () => {
  const account = (truelayerId: string, number?: string) => ({
    truelayerId,
    numberHash: number === undefined ? null : Buffer.from(number),
  });
  expect(isSamePerson([account('a'), account('b')], [account('b')], false)).toBe(true);
  expect(isSamePerson([account('x', '1')], [account('y', '1')], false)).toBe(true);
  expect(isSamePerson([account('x')], [account('y')], false)).toBe(false);
  expect(isSamePerson([account('x')], [account('y')], true)).toBe(true);
  expect(isSamePerson([account('x', '1')], [account('y', '2')], true)).toBe(false);
  expect(isSamePerson([account('x', '1'), account('z')], [account('y', '2')], true)).toBe(true);
  expect(isSamePerson([], [account('y')], false)).toBe(false);
  expect(isSamePerson([], [account('y')], true)).toBe(true);
  expect(isSamePerson([], [], false)).toBe(true);
  expect(isSamePerson([account('x')], [], false)).toBe(true);
});
