import { afterEach, beforeAll, expect, test } from 'vitest';
import { getBank } from '#lib/banks/get-bank';
import { refreshBanks } from '#lib/banks/refresh-banks';
import { actingAs, type Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { ensureSealedSettings, saveClientCredentials } from '#lib/settings/sealed-settings';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { readConsent } from '#lib/sync/read-consent';
import { refreshNow } from '#lib/sync/refresh-now';
import { reviewConnections } from '#lib/sync/review-connections';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { addUser, aSystem, type LinkedPerson, linkPerson, travel } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { changeAsShown, renewAsShown } from '#lib/testing/say-yes';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { withSettings } from '#lib/testing/with-settings';
import { DAY_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { readCallback } from '#lib/truelayer/callback';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '#sandbox/config';
import { offerConsent } from './consent-offer.ts';
import { getConnection } from './get-connection.ts';
import { getReceipt } from './get-receipt.ts';
import { listDue } from './list-due.ts';
import { listHistory } from './list-history.ts';
import { listReceipts } from './list-receipts.ts';
import { receiveReturn } from './receive-return.ts';
import { offerRenewal } from './renewal-offer.ts';
import { retireGrants } from './retire-grants.ts';
import { startAttempt } from './start-attempt.ts';
import { offerDifference, startChange } from './start-change.ts';
import { startRenewal } from './start-renewal.ts';
import { startRenewals } from './start-renewals.ts';
import { stopSharing } from './stop-sharing.ts';
import { getAccessToken } from './tokens.ts';
import { markOf } from './words-mark.ts';

process.env.TRUELAYER_PROVIDERS = 'uk-cs-mock uk-ob-all uk-oauth-all ie-ob-all';
const standIn = aStandIn(SHORT_HISTORY);
beforeAll(async () => {
  const system = await aSystem();
  await ensureSealedSettings(system);
  await saveClientCredentials(system, { clientId: DEFAULT_CLIENT_ID, clientSecret: DEFAULT_CLIENT_SECRET });
  await refreshBanks(system);
});
afterEach(() => standIn.control('POST', '/reset'));

const requestsSince = (id: number) => standIn.control('GET', `/requests?since=${id}`) as Promise<{ id: number }[]>;

const browserSecret = 'a browser of this test’s own';
const device = 'phone' as const;
const trip = ({ connectionId }: LinkedPerson) => ({ connectionId, device, browserSecret });

/** The person, by the clock as it is now. */
const today = async ({ ctx }: LinkedPerson): Promise<Context> => ({ ...(await aSystem()), actor: ctx.actor });

async function link(login = 'john/doe', bankId = 'ob-monzo', userId?: string): Promise<LinkedPerson> {
  const person = await linkPerson(standIn.url, { login, bankId, ...(userId === undefined ? {} : { userId }) });
  await land(person);
  return person;
}

async function linkWithRows(): Promise<LinkedPerson> {
  const person = await link();
  await syncFully(person.system, person.connectionId);
  return person;
}

async function land(person: LinkedPerson) {
  const { connectionId, userId } = person;
  return firstAttendedPass(await today(person), { connectionId, presence: presenceOf(userId) });
}

/** So many days go by, and jobs have kept everything fresh meanwhile: what they do week by week is tested elsewhere. */
async function live(person: LinkedPerson, days: number): Promise<void> {
  await standIn.control('PUT', '/switches', { refresh_window_days: 400 });
  await standIn.control('PUT', '/clock', { advance_ms: days * DAY_MS });
  const lastSyncedAt = (await aSystem()).clock.now();
  await person.system.db.connection.update({ where: { id: person.connectionId }, data: { lastSyncedAt } });
}

/** To the bank and back, as the browser does it. */
async function goTo(person: LinkedPerson, url: string, login = 'john/doe'): Promise<void> {
  const result = await receiveReturn(await today(person), readCallback(await travel(url, login)), browserSecret);
  if (result.kind !== 'accepted') throw new Error(`the return was ${result.kind}`);
  await result.finish();
}

async function look(person: LinkedPerson) {
  const { connectionId } = person;
  const row = await person.system.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    include: {
      tokens: { select: { role: true }, orderBy: { role: 'asc' } },
      permissions: { select: { permission: true } },
      receipts: { select: { kind: true }, orderBy: { agreedAt: 'desc' } },
      attempts: { select: { way: true, purpose: true, status: true, outcomeCode: true }, orderBy: { id: 'desc' } },
    },
  });
  const now = (await aSystem()).clock.now();
  return {
    ...row,
    status: (await getConnection(await today(person), connectionId)).status,
    daysLeft: row.consentExpiresAt === null ? null : Math.round(msBetween(now, row.consentExpiresAt) / DAY_MS),
    roles: row.tokens.map(({ role }) => role),
    accounts: await person.system.db.bankAccount.count({ where: { connectionId, goneAt: null } }),
    rows: await person.system.db.transaction.count({ where: { account: { connectionId }, vanishedAt: null } }),
    actions: (await person.system.db.auditEntry.findMany({ where: { connectionId } })).map(({ action }) => action),
  };
}

test('extended without a sign-in, a consent goes on at once for another ninety days', async () => {
  const person = await link('john/eternal');
  await live(person, 83);
  expect(await look(person)).toMatchObject({ status: 'needs_reconfirmation', daysLeft: 7 });
  expect(await listDue(await today(person))).toMatchObject([{ connectionId: person.connectionId }]);

  expect(await renewAsShown(await today(person), trip(person))).toEqual({ kind: 'renewed' });
  const after = await look(person);
  expect(after).toMatchObject({ status: 'active', daysLeft: 90, roles: ['current'] });
  expect(after.attempts[0]).toMatchObject({ way: 'extend', purpose: 'extend', status: 'linked' });
  expect(after.receipts[0]).toEqual({ kind: 'reconfirmation' });
  expect(after.actions).toContain('consent.renewed');
  expect(await listDue(await today(person))).toEqual([]);
  expect(await land(person)).toMatchObject({ outcome: 'complete' });
});

test('while TrueLayer still tells the old end, a renewal is believed and fetches beyond it', async () => {
  const person = await link('john/eternal');
  await standIn.control('PUT', '/switches', { extend_shows_after_ms: DAY_MS });
  await live(person, 89.5);
  await renewAsShown(await today(person), trip(person));
  expect(await look(person)).toMatchObject({ status: 'active', endPendingSince: expect.any(Date) });
  expect(await listDue(await today(person))).toEqual([]);
  await live(person, 1);
  expect(await look(person)).toMatchObject({ status: 'active' });
  await readConsent(await aSystem(), { connectionId: person.connectionId });
  expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 89, endPendingSince: null });
});

test('extended with a sign-in, the new tokens replace the old ones at once, and the new end counts once they have fetched', async () => {
  const person = await link();
  await live(person, 83);
  const started = await renewAsShown(await today(person), trip(person));
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  expect(await look(person)).toMatchObject({ status: 'needs_reconfirmation', daysLeft: 7, roles: ['current'] });
  await goTo(person, started.url);
  expect(await look(person)).toMatchObject({
    status: 'needs_reconfirmation',
    daysLeft: 7,
    roles: ['incoming'],
  });
  await land(person);
  expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 90, roles: ['current'] });
});

test('turned away at the bank, or with TrueLayer down, everything stays as it was', async () => {
  const person = await link();
  await live(person, 83);
  await standIn.control('PUT', '/switches', { callback_error: 'access_denied' });
  const started = await renewAsShown(await today(person), trip(person));
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  await goTo(person, started.url);
  const refused = await look(person);
  expect(refused).toMatchObject({ status: 'needs_reconfirmation', daysLeft: 7, roles: ['current'] });
  expect(refused.attempts[0]).toMatchObject({ status: 'cancelled' });

  await standIn.control('POST', '/faults', { match: { path: '/connections/extend' }, action: { status: 503 } });
  await expect(renewAsShown(await today(person), trip(person))).rejects.toMatchObject({ code: 'link_unavailable' });
  expect(await look(person)).toMatchObject({ status: 'needs_reconfirmation', roles: ['current'] });
  expect(await land(person)).toMatchObject({ outcome: 'complete' });
});

test.each(['not_enabled', 'not_extendable'] as const)(
  'where extending is %s the way back to the bank is taken by itself',
  async (extend_refusal) => {
    const person = await link('john/eternal');
    await live(person, 80);
    await standIn.control('PUT', '/switches', { extend_refusal });
    const started = await renewAsShown(await today(person), trip(person));
    if (started.kind !== 'bank') throw new Error('it was extended');
    expect((await look(person)).attempts[0]).toMatchObject({ way: 'reauth_link' });
    await goTo(person, started.url, 'john/eternal');
    await land(person);
    expect(await look(person)).toMatchObject({ status: 'active', daysLeft: 90 });
  },
);

test('ignored to the end, it stops to the second for jobs; the person may still try, and begin again', async () => {
  const person = await link('john/eternal');
  const before = await look(person);
  await standIn.control('PUT', '/clock', {
    now: new Date((before.consentExpiresAt?.getTime() ?? 0) - MINUTE_MS).toISOString(),
  });
  expect((await look(person)).status).toBe('needs_reconfirmation');
  await standIn.control('PUT', '/clock', { now: new Date(before.consentExpiresAt ?? 0).toISOString() });
  await reviewConnections(await aSystem());
  const since = (await requestsSince(0)).at(-1)?.id ?? 0;
  expect(await syncUnattended(await aSystem(), { connectionId: person.connectionId })).toBeNull();
  expect(since).toBeGreaterThan(0);
  expect(await requestsSince(since)).toEqual([]);
  const ended = await look(person);
  expect(ended).toMatchObject({ status: 'expired', nextSyncAt: null, rows: before.rows });
  expect(ended.actions).toContain('connection.status_changed');

  const { connectionId, userId } = person;
  const report = await refreshNow(await today(person), { connectionId, presence: presenceOf(userId) });
  expect(['complete', 'partial', 'failed']).toContain(report.outcome);
  expect(await renewAsShown(await today(person), trip(person))).toMatchObject({ kind: expect.any(String) });
});

test('revoked at the bank, a sign-in there brings it back with its accounts and its history', async () => {
  const person = await linkWithRows();
  const before = await look(person);
  await live(person, 10);
  await standIn.control('POST', `/connections/${encodeURIComponent(person.me.credentialsId)}`, { revoke: true });
  await syncUnattended(await aSystem(), { connectionId: person.connectionId });
  expect((await look(person)).status).toBe('needs_reauthentication');

  const started = await renewAsShown(await today(person), trip(person));
  if (started.kind !== 'bank') throw new Error('no sign-in was wanted');
  await goTo(person, started.url);
  await land(person);
  const after = await look(person);
  expect(after).toMatchObject({ status: 'active', daysLeft: 90, accounts: before.accounts });
  expect(after.rows).toBeGreaterThanOrEqual(before.rows);
  expect(after.attempts[0]).toMatchObject({ purpose: 'reauthenticate', way: 'reauth_link' });
});

test('outside of the UK a consent lasts 180 days, and a fresh one takes its place without doubling anything', async () => {
  const person = await link('john/doe', 'ob-boi-ie');
  await person.system.db.bank.update({ where: { id: 'ob-boi-ie' }, data: { country: 'ie' } });
  const before = await look(person);
  await live(person, 91);
  expect(await look(person)).toMatchObject({ daysLeft: 89 });
  expect((await look(person)).status).not.toBe('expired');
  await live(person, 80);
  expect(await look(person)).toMatchObject({ status: 'needs_reconfirmation', daysLeft: 9 });
  const started = await renewAsShown(await today(person), trip(person));
  if (started.kind !== 'bank') throw new Error('it was extended');
  expect((await look(person)).attempts[0]).toMatchObject({ way: 'fresh_link' });
  await goTo(person, started.url);
  await land(person);
  const after = await look(person);
  expect(after).toMatchObject({
    status: 'active',
    daysLeft: 180,
    accounts: before.accounts,
    roles: ['current', 'outgoing'],
  });
  expect(after.credentialsId).not.toBe(before.credentialsId);

  const { accessToken } = await getAccessToken(await aSystem(), person.connectionId, { role: 'outgoing' });
  await retireGrants(await aSystem(), person.connectionId);
  expect((await look(person)).roles).toEqual(['current']);
  await expect(trueLayer().getMe({ accessToken })).rejects.toMatchObject({ httpStatus: 401 });
  expect(await getAccessToken(await aSystem(), person.connectionId)).toMatchObject({ accessToken: expect.any(String) });
});

test('a bank that TrueLayer files under another id since it was linked is gone to by that id', async () => {
  const person = await link('john/doe', 'ob-amex');
  const { db, clock } = person.system;
  const firstSeenAt = clock.now();
  const data = { id: 'oauth-amex', displayName: 'Amex', country: 'ie', isListed: false, firstSeenAt };
  await db.bank.create({ data: { ...data, lastSeenAt: firstSeenAt } });
  await db.connection.update({ where: { id: person.connectionId }, data: { bankId: 'oauth-amex' } });
  const ctx = withSettings(await today(person), { flow: 'bank-selection' });
  const started = await renewAsShown(ctx, trip(person));
  if (started.kind !== 'bank') throw new Error('it was extended');
  expect((await look(person)).attempts[0]).toMatchObject({ way: 'fresh_link' });
  expect(new URL(started.url).searchParams.get('provider_id')).toBe('ob-amex');
  await goTo(person, started.url);
  await land(person);
  expect(await look(person)).toMatchObject({ status: 'active', roles: ['current', 'outgoing'] });
});

test('one reconfirmation renews several banks, each in its own words, and goes to the first that wants to see the person', async () => {
  const first = await link('john/eternal');
  const second = await link('john/doe', 'ob-starling', first.userId);
  const third = await link('john/doe', 'ob-tsb', first.userId);
  await live(first, 85);
  for (const person of [second, third]) await live(person, 0);
  const connectionIds = [first, second, third].map(({ connectionId }) => connectionId);
  const ctx = await today(first);
  const shown = await Promise.all(connectionIds.map((id) => offerRenewal(ctx, id)));
  const banks = connectionIds.map((id, index) => ({ connectionId: id, shown: markOf(shown[index] ?? {}) }));
  const { url } = await startRenewals(ctx, { banks, device, browserSecret });
  for (const [index, id] of connectionIds.entries()) {
    const [line] = await listReceipts(ctx, id);
    expect((await getReceipt(ctx, line?.id ?? '')).wording).toEqual(shown[index]);
  }
  expect(new Set(shown.map(({ heading }) => heading)).size).toBe(3);
  expect(await look(first)).toMatchObject({ status: 'active', daysLeft: 90 });
  await goTo(second, url ?? '');
  await land(second);
  expect(await look(second)).toMatchObject({ status: 'active', daysLeft: 90 });
  expect((await look(third)).attempts[0]).toMatchObject({ status: 'expired', outcomeCode: 'superseded' });
  expect(await listDue(await today(first))).toMatchObject([{ connectionId: third.connectionId }]);
});

test('less is shared from the moment in which the smaller permission has fetched, and what it had brought is erased', async () => {
  const person = await linkWithRows();
  expect((await look(person)).rows).toBeGreaterThan(0);
  const change = { ...trip(person), wanted: ['payments', 'holder'], erasesDropped: true };
  const { url } = await changeAsShown(await today(person), change);
  await goTo(person, url);
  expect((await look(person)).permissions).toContainEqual({ permission: 'transactions' });
  await land(person);
  const after = await look(person);
  expect(after.permissions).not.toContainEqual({ permission: 'transactions' });
  expect(after).toMatchObject({ rows: 0, status: 'active' });
  expect(after.receipts[0]).toEqual({ kind: 'change' });
  const entry = await person.system.db.auditEntry.findFirstOrThrow({
    where: { connectionId: person.connectionId, action: 'consent.renewed' },
  });
  expect(entry.before).toMatchObject({ permissions: expect.arrayContaining(['transactions']) });
  expect(entry.after).not.toMatchObject({ permissions: expect.arrayContaining(['transactions']) });
  await expect(startChange(await today(person), { ...change, shown: '' })).rejects.toMatchObject({
    code: 'nothing_changes',
  });
});

test('a change’s receipt says what would be different and what is shared then, as the page did, and nothing else', async () => {
  const person = await link();
  const ctx = await today(person);
  const wish = { connectionId: person.connectionId, wanted: ['payments'], erasesDropped: true };
  const { wording } = await offerDifference(ctx, wish);
  await changeAsShown(ctx, { ...wish, device, browserSecret });
  const [line] = await listReceipts(ctx, person.connectionId);
  const receipt = await getReceipt(ctx, line?.id ?? '');
  expect(receipt).toMatchObject({ kind: 'change', wording, heading: wording.heading });
  expect(wording.groups.map(({ id }) => id)).not.toContain('transactions');
  const told = receipt.parts.flatMap(({ title, lines }) => [title, ...lines]);
  expect(told).toEqual(expect.arrayContaining(wording.changes.flatMap(({ title, lines }) => [title, ...lines])));
  expect(told.join(' ')).toContain('What was fetched of it is erased.');
});

test('a yes to words that have changed since, over midnight say, is refused, and leaves no trace but the asking', async () => {
  const person = await link();
  const { connectionId, system, userId } = person;
  const wish = { connectionId, wanted: [], erasesDropped: false };
  const yesterday = await today(person);
  const renewal = { ...trip(person), shown: markOf(await offerRenewal(yesterday, connectionId)) };
  const change = { ...trip(person), ...wish, shown: markOf((await offerDifference(yesterday, wish)).wording) };
  const bank = await getBank(yesterday, 'ob-tsb');
  const direct = (asking: Context) => withSettings(asking, { flow: 'direct' });
  const shown = markOf((await offerConsent(direct(yesterday), bank)).wording);
  const fresh = { bankId: bank.id, device, browserSecret, shown };
  const count = async () => [
    await system.db.consentReceipt.count({ where: { userId } }),
    await system.db.attempt.count({ where: { userId } }),
  ];
  const before = await count();
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS });
  const ctx = await today(person);
  await expect(startRenewal(ctx, renewal)).rejects.toMatchObject({ code: 'words_changed' });
  await expect(startChange(ctx, change)).rejects.toMatchObject({ code: 'words_changed' });
  await expect(startAttempt(direct(ctx), fresh)).rejects.toMatchObject({ code: 'words_changed' });
  expect(await count()).toEqual(before);
});

test('who stops sharing while they are at the bank has stopped: what they bring is given back', async () => {
  const person = await link();
  await live(person, 80);
  const started = await renewAsShown(await today(person), trip(person));
  if (started.kind !== 'bank') throw new Error('the bank wanted to see nobody');
  const answer = readCallback(await travel(started.url, 'john/doe'));
  const result = await receiveReturn(await today(person), answer, browserSecret);
  await person.system.db.attempt.updateMany({
    where: { connectionId: person.connectionId, status: 'redirected' },
    data: { status: 'started' },
  });
  const pending = result.kind === 'accepted' ? result.finish : () => Promise.reject(new Error(result.kind));
  await person.system.db.connection.update({
    where: { id: person.connectionId },
    data: { revokingSince: (await aSystem()).clock.now(), status: 'revoking', nextSyncAt: null },
  });
  await pending();
  const after = await look(person);
  expect(after.attempts[0]).toMatchObject({ status: 'failed', outcomeCode: 'stopped_meanwhile' });
  expect(after.roles).toEqual(['current']);
});

test('a receipt says word for word what was shown, to whoever agreed and to nobody else', async () => {
  const person = await link('john/eternal');
  const ctx = await today(person);
  const shown = await offerRenewal(ctx, person.connectionId);
  await renewAsShown(ctx, trip(person));
  const [line] = await listReceipts(ctx, person.connectionId);
  const receipt = await getReceipt(ctx, line?.id ?? '');
  expect(receipt).toMatchObject({ kind: 'reconfirmation', wording: shown, wordingVersion: shown.version });
  expect(receipt.permissions.toSorted()).toEqual(
    (await look(person)).permissions.map(({ permission }) => permission).toSorted(),
  );
  const told = receipt.parts.flatMap(({ lines }) => lines);
  for (const sentence of [shown.lead, shown.duration, shown.stopping, ...shown.regulatory])
    expect(told).toContain(sentence);

  const stranger = actingAs(ctx, { kind: 'user', userId: await addUser(person.system) });
  await expect(getReceipt(stranger, receipt.id)).rejects.toMatchObject({ code: 'receipt_not_found' });
  expect(await listReceipts(stranger, person.connectionId)).toEqual([]);
  await expect(listHistory(stranger, person.connectionId)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(
    person.system.db.consentReceipt.update({ where: { id: receipt.id }, data: { purposeText: 'Another' } }),
  ).rejects.toThrow();
});

test('refuses to renew or change what is somebody else’s, nobody’s, or over', async () => {
  const person = await link();
  const stranger = actingAs(await aSystem(), { kind: 'user', userId: await addUser(person.system) });
  const nobody = actingAs(await aSystem(), { kind: 'nobody' });
  const change = { ...trip(person), wanted: [], erasesDropped: false };
  const unseen = { shown: '' };
  await expect(startRenewal(stranger, { ...trip(person), ...unseen })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(startChange(stranger, { ...change, ...unseen })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(startRenewal(nobody, { ...trip(person), ...unseen })).rejects.toMatchObject({ kind: 'unauthenticated' });
  await expect(startChange(nobody, { ...change, ...unseen })).rejects.toMatchObject({ kind: 'unauthenticated' });
  await stopSharing(person.ctx, { connectionId: person.connectionId, choice: 'keep' });
  await expect(renewAsShown(person.ctx, trip(person))).rejects.toMatchObject({ code: 'not_renewable' });
  await expect(changeAsShown(person.ctx, change)).rejects.toMatchObject({ code: 'not_renewable' });
});
