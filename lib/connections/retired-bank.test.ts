import { afterEach, beforeAll, expect, test } from 'vitest';
import { refreshBanks } from '#lib/banks/refresh-banks';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { addUser, aSystem, type LinkedPerson, linkPerson, travel } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { renewPerson } from '#lib/testing/renew-person';
import { renewAsShown } from '#lib/testing/say-yes';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { withSettings } from '#lib/testing/with-settings';
import { readCallback } from '#lib/truelayer/callback';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { answerRenewal } from './answer-renewal.ts';
import { receiveReturn } from './receive-return.ts';
import { questionRenewal } from './renewal.ts';
import { retireGrants } from './retire-grants.ts';
import { getAccessToken } from './tokens.ts';

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

async function land(person: LinkedPerson) {
  const { connectionId, userId } = person;
  return firstAttendedPass(await today(person), { connectionId, presence: presenceOf(userId) });
}

async function link(bankId: string): Promise<LinkedPerson> {
  const person = await linkPerson(simulator.url, { bankId });
  await land(person);
  return person;
}

/** TrueLayer refuses every data call of this grant, as it does for a bank that it has retired. */
const retireBank = (credentials_id: string) =>
  simulator.control('POST', '/faults', {
    match: { path: '/data/**', credentials_id },
    action: { status: 400, error: 'deprecated_provider' },
  });

/** The bank was linked under an id that TrueLayer has taken off its list since. */
async function renameBank({ system, connectionId }: LinkedPerson, id: string): Promise<void> {
  const at = system.clock.now();
  const bank = { id, displayName: 'The old name', country: 'uk', isListed: false, firstSeenAt: at, lastSeenAt: at };
  await system.db.bank.createMany({ data: [bank], skipDuplicates: true });
  await system.db.connection.update({ where: { id: connectionId }, data: { bankId: id, bankName: 'The old name' } });
}

async function look({ system, connectionId }: LinkedPerson) {
  const row = await system.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    include: {
      tokens: { select: { role: true }, orderBy: { role: 'asc' } },
      attempts: { select: { way: true, status: true }, orderBy: { id: 'desc' }, take: 1 },
      accounts: { where: { goneAt: null }, select: { id: true }, orderBy: { id: 'asc' } },
    },
  });
  return { ...row, roles: row.tokens.map(({ role }) => role), way: row.attempts[0]?.way };
}

type Logged = { path: string; status: number };
const requests = async () => (await simulator.control('GET', '/requests')) as Logged[];

async function renew(person: LinkedPerson): Promise<string> {
  const { connectionId } = person;
  const started = await renewAsShown(await today(person), { connectionId, ...TRIP });
  if (started.kind !== 'bank') throw new Error('it was extended');
  return started.url;
}

async function goTo(person: LinkedPerson, url: string): Promise<void> {
  const answer = readCallback(await travel(url, 'john/doe'));
  const result = await receiveReturn(await today(person), answer, TRIP.browserSecret);
  if (result.kind !== 'accepted') throw new Error(`the return was ${result.kind}`);
  await result.finish();
}

test.each([
  ['oauth-monzo', 'ob-monzo'],
  ['oauth-starling', 'ob-starling'],
])(
  'a connection at %s, which TrueLayer has retired, is renewed at %s and stays one connection',
  async (former, present) => {
    const person = await link(present);
    await renameBank(person, former);
    await retireBank(person.me.credentialsId);
    await syncUnattended(await aSystem(), { connectionId: person.connectionId });
    const refused = await look(person);
    expect(refused).toMatchObject({ status: 'needs_reauthentication', grantRefusedCode: 'deprecated_provider' });

    const url = await renew(person);
    expect(await look(person)).toMatchObject({ way: 'fresh_link' });
    const paths = (await requests()).map(({ path }) => path);
    expect(paths).not.toContain('/v1/reauthuri');
    expect(paths).not.toContain('/connections/extend');
    await goTo(person, url);
    expect(await land(person)).toMatchObject({ outcome: 'complete' });
    const after = await look(person);
    expect(after).toMatchObject({
      status: 'active',
      bankId: present,
      grantRefusedCode: null,
      roles: ['current', 'outgoing'],
    });
    expect(after.bankName).not.toBe('The old name');
    expect(after.accounts).toEqual(refused.accounts);
    await retireGrants(await aSystem(), person.connectionId);
    expect((await look(person)).roles).toEqual(['current']);
  },
);

test('a connection whose bank was renamed is renewed at the new id also while its grant still works', async () => {
  const person = await link('ob-monzo');
  await renameBank(person, 'oauth-monzo');
  await goTo(person, await renew(person));
  expect(await look(person)).toMatchObject({ way: 'fresh_link' });
  await land(person);
  expect(await look(person)).toMatchObject({ status: 'active', bankId: 'ob-monzo' });
});

test('for a retired bank without a known replacement TrueLayer shows its list of banks', async () => {
  const person = await link('ob-tsb');
  await retireBank(person.me.credentialsId);
  await syncUnattended(await aSystem(), { connectionId: person.connectionId });
  const { connectionId } = person;
  const ctx = withSettings(await today(person), { flow: 'bank-selection' });
  const started = await renewAsShown(ctx, { connectionId, ...TRIP });
  if (started.kind !== 'bank') throw new Error('it was extended');
  const link_ = new URL(started.url).searchParams;
  expect(link_.get('provider_id')).toBeNull();
  expect(link_.get('providers')).not.toBeNull();
});

test('signing in again supersedes the old tokens even if the renewal then fails: no superseded refresh token is sent', async () => {
  const person = await link('ob-monzo');
  const { connectionId } = person;
  const system = await aSystem();
  const old = await getAccessToken(system, connectionId);
  await renewPerson(simulator.url, person, { way: 'reauth_link' });
  expect((await look(person)).roles).toEqual(['incoming']);
  await retireBank(person.me.credentialsId);
  await land(person);
  const after = await look(person);
  expect(after).toMatchObject({
    roles: ['current'],
    status: 'needs_reauthentication',
    grantRefusedCode: 'deprecated_provider',
  });
  const entries = await system.db.auditEntry.findMany({ where: { connectionId }, select: { action: true } });
  expect(entries).toContainEqual({ action: 'consent.renewal_lost' });
  const kept = await getAccessToken(system, connectionId);
  expect(kept.accessToken).not.toBe(old.accessToken);
  await getAccessToken(system, connectionId, { refused: kept.generation });
  const refreshes = (await requests()).filter(({ path }) => path === '/connect/token');
  expect(refreshes.map(({ status }) => status)).not.toContain(400);
  expect(new URL(await renew(person)).href).not.toContain('reauth');
  expect(await look(person)).toMatchObject({ way: 'fresh_link' });
});

test('while a renewal of the same grant waits, everything that needs a token uses the newest one', async () => {
  const person = await link('ob-monzo');
  const { connectionId } = person;
  const system = await aSystem();
  await renewPerson(simulator.url, person, { way: 'reauth_link' });
  const { generation } = await getAccessToken(system, connectionId);
  await getAccessToken(system, connectionId, { refused: generation });
  expect((await requests()).filter(({ path, status }) => path === '/connect/token' && status === 400)).toEqual([]);
});

test('a sign-in for the same grant that the user says was somebody else’s leaves nothing to fetch with, and asks for a sign-in', async () => {
  const person = await link('ob-monzo');
  const { connectionId, system } = person;
  await renewPerson(simulator.url, person, { way: 'reauth_link' });
  await inTransaction(system, (tx) => questionRenewal(tx, { connectionId, code: 'other_accounts' }));
  const made = (await requests()).length;
  expect(await syncUnattended(await aSystem(), { connectionId })).toBeNull();
  expect(await requests()).toHaveLength(made);

  const stranger = actingAs(person.ctx, { kind: 'user', userId: await addUser(system) });
  const answer = { connectionId, isSamePerson: false };
  await expect(answerRenewal(stranger, answer)).rejects.toMatchObject({ kind: 'not_found' });
  expect((await look(person)).roles).toEqual(['incoming']);
  await answerRenewal(person.ctx, answer);
  expect(await look(person)).toMatchObject({
    roles: ['outgoing'],
    status: 'needs_reauthentication',
    grantRefusedCode: 'renewal_rejected',
  });
});
