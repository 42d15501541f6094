import { afterEach, beforeAll, expect, test } from 'vitest';
import { refreshBanks } from '#lib/banks/refresh-banks';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { readConsent } from '#lib/sync/read-consent';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { renewPerson } from '#lib/testing/renew-person';
import { renewAsShown } from '#lib/testing/say-yes';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, msBetween } from '#lib/time/span';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { getConnection } from './get-connection.ts';

const standIn = aStandIn(SHORT_HISTORY);
beforeAll(async () => {
  const system = await aSystem();
  await ensureSealedSettings(system);
  await saveClientCredentials(system, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
  await refreshBanks(system);
});
afterEach(() => standIn.control('POST', '/reset'));

const today = async ({ ctx }: LinkedPerson) => ({ ...(await aSystem()), actor: ctx.actor });

async function land(person: LinkedPerson): Promise<void> {
  const { connectionId, userId } = person;
  await firstAttendedPass(await today(person), { connectionId, presence: presenceOf(userId) });
}

async function link(bankId: string): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { login: 'john/eternal', bankId });
  await land(person);
  return person;
}

/** So many days go by, and jobs have kept everything fresh meanwhile. */
async function live({ system, connectionId }: LinkedPerson, days: number): Promise<void> {
  await standIn.control('PUT', '/switches', { refresh_window_days: 400 });
  await standIn.control('PUT', '/clock', { advance_ms: days * DAY_MS });
  const lastSyncedAt = (await aSystem()).clock.now();
  await system.db.connection.update({ where: { id: connectionId }, data: { lastSyncedAt } });
}

async function look(person: LinkedPerson) {
  const ctx = await today(person);
  const { status, consentExpiresAt } = await getConnection(ctx, person.connectionId);
  return {
    status,
    daysLeft: consentExpiresAt === null ? null : Math.round(msBetween(ctx.clock.now(), consentExpiresAt) / DAY_MS),
  };
}

const tellNoEnds = () => standIn.control('PUT', '/switches', { me_consent_dates: false });

test('a renewal whose end TrueLayer never tells lasts as long as such consents do, and not two days', async () => {
  const person = await link('ob-monzo');
  // Of the first consent it told none either.
  await person.system.db.connection.update({ where: { id: person.connectionId }, data: { consentCheckedAt: null } });
  await live(person, 85);
  await tellNoEnds();
  expect(await renewAsShown(await today(person), { ...person, ...TRIP })).toEqual({ kind: 'renewed' });
  expect(await look(person)).toEqual({ status: 'active', daysLeft: 90 });
  await live(person, 10);
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  expect(await look(person)).toEqual({ status: 'active', daysLeft: 80 });
});

test('a fresh grant whose end isn’t told doesn’t end with the one whose place it took', async () => {
  // Of all Irish consents, this bank's are as short as British ones.
  await standIn.control('PUT', '/switches', { banks: { 'ob-boi-ie': { consent_days: 90 } } });
  const person = await link('ob-boi-ie');
  await live(person, 85);
  await tellNoEnds();
  await renewPerson(standIn.url, person, { way: 'fresh_link' });
  await land(person);
  await live(person, 10);
  expect(await look(person)).toEqual({ status: 'active', daysLeft: 170 });
  await standIn.control('PUT', '/switches', { me_consent_dates: true });
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  // What is told counts, also when it comes earlier than was assumed.
  expect(await look(person)).toEqual({ status: 'active', daysLeft: 80 });
});

test('an end that TrueLayer doesn’t show yet is asked for after a minute, an hour and a day', async () => {
  const person = await link('ob-starling');
  await standIn.control('PUT', '/switches', { extend_shows_after_ms: DAY_MS });
  await live(person, 85);
  await renewAsShown(await today(person), { ...person, ...TRIP });
  const jobs = await person.system.db.$queryRaw<{ seconds: number }[]>`
    select extract(epoch from start_after - created_on)::int as seconds from pgboss.job
    where name = 'consent.read' and data->>'connectionId' = ${person.connectionId} order by start_after`;
  expect(jobs.map(({ seconds }) => seconds)).toEqual([60, 3600, 86_400]);
});

const TRIP = { device: 'phone', browserSecret: 'a browser of this test’s own' } as const;
