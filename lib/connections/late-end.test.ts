import { afterEach, beforeAll, expect, test } from 'vitest';
import { refreshBanks } from '#lib/banks/refresh-banks';
import type { Context } from '#lib/context/context';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { readConsent } from '#lib/sync/read-consent';
import { refreshNow } from '#lib/sync/refresh-now';
import { reviewConnections } from '#lib/sync/review-connections';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { renewPerson } from '#lib/testing/renew-person';
import { renewAsShown } from '#lib/testing/say-yes';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { DAY_MS, HOUR_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { getConnection } from './get-connection.ts';
import { listDue } from './list-due.ts';

const simulator = aSimulator();
beforeAll(async () => {
  const system = await aSystem();
  await ensureSealedSettings(system);
  await saveClientCredentials(system, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
  await refreshBanks(system);
});
afterEach(() => simulator.control('POST', '/reset'));

const TRIP = { device: 'phone', browserSecret: 'a browser of this test’s own' } as const;
const today = async ({ ctx }: LinkedPerson): Promise<Context> => ({ ...(await aSystem()), actor: ctx.actor });

async function link(): Promise<LinkedPerson> {
  const person = await linkPerson(simulator.url, { login: 'john/eternal', bankId: 'ob-monzo' });
  await firstAttendedPass(await today(person), {
    connectionId: person.connectionId,
    presence: presenceOf(person.userId),
  });
  return person;
}

/** So many days go by, and jobs have kept everything fresh meanwhile. */
async function live({ system, connectionId }: LinkedPerson, days: number): Promise<void> {
  await simulator.control('PUT', '/switches', { refresh_window_days: 400 });
  await simulator.control('PUT', '/clock', { advance_ms: days * DAY_MS });
  const lastSyncedAt = (await aSystem()).clock.now();
  await system.db.connection.update({ where: { id: connectionId }, data: { lastSyncedAt } });
}

async function look(person: LinkedPerson) {
  const ctx = await today(person);
  const { connectionId, system } = person;
  const row = await system.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  const { status, consentExpiresAt } = await getConnection(ctx, connectionId);
  return {
    status,
    daysLeft: consentExpiresAt === null ? null : Math.round(msBetween(ctx.clock.now(), consentExpiresAt) / DAY_MS),
    isPending: row.endPendingSince !== null,
    nextSyncAt: row.nextSyncAt,
  };
}

/** What the review asks for, by itself: other tests have connections of their own. */
async function asked({ system, connectionId }: LinkedPerson): Promise<boolean> {
  const key = `${connectionId} end`;
  await reviewConnections(await aSystem());
  const jobs = await system.db.$queryRaw<{ id: string }[]>`
    delete from pgboss.job where name = 'consent.read' and singleton_key = ${key} and state = 'created' returning id`;
  return jobs.length > 0;
}

/** TrueLayer accepts the renewal, and tells the old end for so many days. */
async function renew(person: LinkedPerson, days: number): Promise<void> {
  await simulator.control('PUT', '/switches', { extend_shows_after_ms: days * DAY_MS });
  expect(await renewAsShown(await today(person), { connectionId: person.connectionId, ...TRIP })).toEqual({
    kind: 'renewed',
  });
}

test('a consent renewed early is active past its old end, while calls succeed, though TrueLayer never tells the new end', async () => {
  const person = await link();
  await live(person, 80);
  await renew(person, 300);
  expect(await look(person)).toMatchObject({ status: 'active', isPending: true });
  expect(await asked(person)).toBe(false);
  expect(await listDue(await today(person))).toEqual([]);
  await live(person, 10.5);
  expect(await look(person)).toMatchObject({ status: 'active', isPending: true });
  expect(await syncUnattended(await aSystem(), { connectionId: person.connectionId })).toMatchObject({
    outcome: expect.stringMatching(/complete|partial|waiting/),
  });
  await reviewConnections(await aSystem());
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  // Ninety days from the renewal, ten and a half of which have passed.
  expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 79, isPending: false });
  // The old end, told again and again, changes nothing; the usual reminders come.
  await live(person, 70);
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  expect(await look(person)).toMatchObject({ status: 'needs_reconfirmation', daysLeft: 9 });
  await live(person, 11);
  await reviewConnections(await aSystem());
  expect(await syncUnattended(await aSystem(), { connectionId: person.connectionId })).toBeNull();
  expect(await look(person)).toMatchObject({ status: 'expired' });
});

test('jobs ask for the new end after the old one, at growing intervals, and take it over as soon as it is told', async () => {
  const person = await link();
  await live(person, 89);
  await renew(person, 3);
  await live(person, 1.01);
  expect(await asked(person)).toBe(true);
  const where = { id: person.connectionId };
  await person.system.db.connection.update({ where, data: { consentAskedAt: (await aSystem()).clock.now() } });
  expect(await asked(person)).toBe(false);
  await simulator.control('PUT', '/clock', { advance_ms: 61 * MINUTE_MS });
  expect(await asked(person)).toBe(true);
  await live(person, 3);
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 86, isPending: false });
});

test('a connection that expired while nobody could prove the renewal lives again by a job’s question', async () => {
  const person = await link();
  await live(person, 89);
  await renew(person, 300);
  await live(person, 5);
  await reviewConnections(await aSystem());
  expect(await look(person)).toMatchObject({ status: 'expired', nextSyncAt: null });
  await person.system.db.connection.update({ where: { id: person.connectionId }, data: { consentAskedAt: null } });
  expect(await asked(person)).toBe(true);
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  const after = await look(person);
  expect(after).toMatchObject({ status: 'active', daysLeft: 85, isPending: false });
  expect(after.nextSyncAt).not.toBeNull();
  const audit = { connectionId: person.connectionId, reason: 'renewal_confirmed', action: 'consent.end_changed' };
  expect(await person.system.db.auditEntry.count({ where: audit })).toBe(1);
});

test('a refresh by the user who is present proves an expired renewal as well', async () => {
  const person = await link();
  const { connectionId, userId } = person;
  await live(person, 89);
  await renew(person, 300);
  await live(person, 5);
  await reviewConnections(await aSystem());
  expect(await look(person)).toMatchObject({ status: 'expired' });
  await refreshNow(await today(person), { connectionId, presence: presenceOf(userId) });
  expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 85 });
});

test('without a renewal nothing is asked after the end, and a refresh by the user brings nothing back', async () => {
  const person = await link();
  const { connectionId, userId } = person;
  await live(person, 91);
  await reviewConnections(await aSystem());
  expect(await look(person)).toMatchObject({ status: 'expired' });
  expect(await asked(person)).toBe(false);
  const requests = async () => ((await simulator.control('GET', '/requests')) as unknown[]).length;
  const made = await requests();
  await readConsent(await aSystem(), { connectionId });
  expect(await syncUnattended(await aSystem(), { connectionId })).toBeNull();
  expect(await requests()).toBe(made);
  await refreshNow(await today(person), { connectionId, presence: presenceOf(userId) });
  expect(await look(person)).toMatchObject({ status: 'expired', nextSyncAt: null });
});

test('a renewal that TrueLayer did not keep ends at the first refusal, and is not asked for any more', async () => {
  const person = await link();
  const { connectionId } = person;
  await live(person, 89);
  await renew(person, 300);
  await live(person, 1.5);
  await simulator.control('POST', `/connections/${encodeURIComponent(person.me.credentialsId)}`, { expire: true });
  await readConsent(await aSystem(), { connectionId });
  expect(await look(person)).toMatchObject({ status: 'needs_reauthentication' });
  expect(await asked(person)).toBe(false);
  expect(await syncUnattended(await aSystem(), { connectionId })).toBeNull();
});

test('questions end two weeks after the old end', async () => {
  const person = await link();
  await live(person, 89);
  await renew(person, 300);
  await live(person, 14);
  expect(await asked(person)).toBe(true);
  await live(person, 2);
  expect(await asked(person)).toBe(false);
});

test('jobs fetch with a renewal for which TrueLayer still tells an end that has passed', async () => {
  const person = await link();
  const { connectionId } = person;
  await live(person, 92);
  await simulator.control('PUT', '/switches', { extend_shows_after_ms: 6 * HOUR_MS });
  await renewPerson(simulator.url, person, { way: 'reauth_link', login: 'john/eternal' });
  expect(await look(person)).toMatchObject({ status: 'expired' });
  expect(await syncUnattended(await aSystem(), { connectionId })).not.toBeNull();
  expect(await look(person)).toMatchObject({ status: 'active' });
  await simulator.control('PUT', '/clock', { advance_ms: 7 * HOUR_MS });
  await readConsent(await aSystem(), { connectionId });
  expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 90, isPending: false });
});
