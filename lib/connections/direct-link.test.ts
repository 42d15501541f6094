import { afterEach, beforeAll, expect, test } from 'vitest';
import { getBank } from '#lib/banks/get-bank';
import { actingAs, type Context } from '#lib/context/context';
import { examineTrueLayer } from '#lib/doctor/examine-truelayer';
import { listDirectLinkRefusals } from '#lib/settings/direct-link-refusals';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { addUser, aSystem, type LinkedPerson, linkPerson, travel } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { changeAsShown, renewAsShown } from '#lib/testing/say-yes';
import { prepareTrips } from '#lib/testing/trip';
import { useStandIn as aSimulator } from '#lib/testing/use-stand-in';
import { withSettings } from '#lib/testing/with-settings';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { readCallback } from '#lib/truelayer/callback';
import { offerConsent } from './consent-offer.ts';
import { getAttempt } from './get-attempt.ts';
import { getReceipt } from './get-receipt.ts';
import { getLinkableBank } from './linkable-bank.ts';
import { receiveReturn } from './receive-return.ts';
import { startAttempt } from './start-attempt.ts';
import { markOf } from './words-mark.ts';

const simulator = aSimulator();
let system: Context;
beforeAll(async () => {
  system = await prepareTrips();
});
afterEach(async () => {
  await simulator.control('POST', '/reset');
  await system.db.directLinkRefusal.deleteMany();
});

const TRIP = { device: 'phone', browserSecret: 'a browser of this test’s own' } as const;
const direct = (ctx: Context) => withSettings(ctx, { flow: 'direct' });

async function aPerson(): Promise<Context> {
  const now = await aSystem();
  return direct(actingAs(now, { kind: 'user', userId: await addUser(now) }));
}

/** Reads the page, agrees, and is sent off. */
async function start(ctx: Context, bankId: string) {
  const bank = await getLinkableBank(ctx, bankId);
  const { wording } = await offerConsent(ctx, bank);
  const started = await startAttempt(ctx, { bankId, shown: markOf(wording), ...TRIP });
  return { ...started, bank, link: new URL(started.url) };
}

async function comeBack(ctx: Context, url: string): Promise<void> {
  const result = await receiveReturn(ctx, readCallback(await travel(url, 'john/doe')), TRIP.browserSecret);
  if (result.kind !== 'accepted') throw new Error(`the return was ${result.kind}`);
  await result.finish();
}

const refuse = (action: unknown, more: object = {}) =>
  simulator.control('POST', '/faults', { match: { path: '/v1/authuri' }, action, ...more });

type Logged = { path: string };
const posts = async () =>
  ((await simulator.control('GET', '/requests')) as Logged[]).filter(({ path }) => path === '/v1/authuri').length;

test('where TrueLayer gives a direct link, it is used', async () => {
  const ctx = await aPerson();
  const { link, url, attemptId } = await start(ctx, 'ob-monzo');
  expect(link.pathname).toMatch(/^\/bank\//);
  expect(await listDirectLinkRefusals(system)).toEqual([]);
  await comeBack(ctx, url);
  expect(await getAttempt(ctx, attemptId)).toMatchObject({ stage: 'linked', refusedPermissions: [] });
});

test.each<[string, object]>([
  ['401 invalid_request', { status: 401, error: 'invalid_request', error_details: { reason: 'Invalid provider_id' } }],
  ['401 unauthorized_client', { status: 401, error: 'unauthorized_client' }],
  ['401 unauthorized', { status: 401, error: 'unauthorized' }],
  ['403', { status: 403, body: {} }],
  ['404', { status: 404, body: {} }],
  ['400 invalid_request', { status: 400, error: 'invalid_request' }],
  ['429', { status: 429, body: {} }],
  ['500', { status: 500, error: 'internal_server_error' }],
  ['503 and HTML', { status: 503, body: '<html>' }],
  ['200 and no link', { status: 200, body: { success: false } }],
  ['a dropped connection', { drop_after: true }],
])('answered with %s, the user is sent through the auth link, with all that was agreed to', async (_, action) => {
  await refuse(action);
  const ctx = await aPerson();
  const { link, url, attemptId, bank } = await start(ctx, 'ob-monzo');
  expect(link.pathname).toBe('/');
  expect(link.searchParams.get('provider_id')).toBe('ob-monzo');
  expect(link.searchParams.get('consent_id')).toMatch(/^[A-Za-z0-9]+$/);
  expect(link.searchParams.get('scope')?.split(' ')).toEqual(bank.permissions);
  await comeBack(ctx, url);
  expect(await getAttempt(ctx, attemptId)).toMatchObject({
    stage: 'linked',
    missingPermissions: [],
    refusedPermissions: [],
  });
  expect(await listDirectLinkRefusals(system)).toMatchObject([{ bankId: 'ob-monzo', refused: 'link' }]);
});

test('a refusal is remembered for the bank, for a day, and for that bank only', async () => {
  await refuse({ status: 401, error: 'unauthorized_client' });
  await start(await aPerson(), 'ob-monzo');
  expect(await posts()).toBe(1);
  await start(await aPerson(), 'ob-monzo');
  expect(await posts()).toBe(1);
  await start(await aPerson(), 'ob-starling');
  expect(await posts()).toBe(2);
  await simulator.control('DELETE', '/faults');
  await simulator.control('PUT', '/clock', { advance_ms: DAY_MS + MINUTE_MS });
  expect((await start(await aPerson(), 'ob-monzo')).link.pathname).toMatch(/^\/bank\//);
  expect(await system.db.directLinkRefusal.count({ where: { bankId: 'ob-monzo' } })).toBe(0);
});

test('a fault of TrueLayer’s is remembered for minutes only', async () => {
  await refuse({ status: 503 });
  await start(await aPerson(), 'ob-monzo');
  await start(await aPerson(), 'ob-monzo');
  expect(await posts()).toBe(1);
  await simulator.control('DELETE', '/faults');
  await simulator.control('PUT', '/clock', { advance_ms: 6 * MINUTE_MS });
  expect((await start(await aPerson(), 'ob-monzo')).link.pathname).toMatch(/^\/bank\//);
});

test('where only the permission cards is refused, the bank is linked without it, and user, receipt and admins are told', async () => {
  await refuse({ status: 401, error: 'invalid_request' }, { times: 1 });
  const ctx = await aPerson();
  const { link, url, attemptId, bank } = await start(ctx, 'ob-monzo');
  expect(bank.permissions).toContain('cards');
  expect(link.pathname).toMatch(/^\/bank\//);
  await comeBack(ctx, url);
  const attempt = await getAttempt(ctx, attemptId);
  expect(attempt).toMatchObject({ stage: 'linked', refusedPermissions: ['cards'], missingPermissions: [] });
  const { permissions } = await system.db.connection.findUniqueOrThrow({
    where: { id: attempt.connectionId ?? '' },
    select: { permissions: { select: { permission: true } } },
  });
  expect(permissions.map(({ permission }) => permission)).not.toContain('cards');
  const { id } = await system.db.consentReceipt.findFirstOrThrow({ where: { attemptId } });
  const receipt = await getReceipt(ctx, id);
  expect(receipt.refused).toEqual(['cards']);
  expect(receipt.parts.at(-1)).toEqual({
    title: 'Not asked for',
    lines: ['Credit cards: TrueLayer did not accept this permission.'],
  });
  expect(await listDirectLinkRefusals(system)).toMatchObject([{ bankId: 'ob-monzo', refused: 'cards' }]);
  const findings = await examineTrueLayer(system, { isDatabaseReadable: true });
  expect(findings.find(({ about }) => about === 'direct links')).toMatchObject({ verdict: 'warning' });

  // From now on the page doesn't offer it, and the first call succeeds.
  const made = await posts();
  const next = await start(await aPerson(), 'ob-monzo');
  expect(next.bank).toMatchObject({ refusedPermissions: ['cards'] });
  expect(next.bank.permissions).not.toContain('cards');
  expect(await posts()).toBe(made + 1);
  const later = await system.db.consentReceipt.findFirstOrThrow({ where: { attemptId: next.attemptId } });
  expect(later.permissions).not.toContain('cards');
});

test('cards that are the only accounts of a bank are not dropped', async () => {
  await refuse({ status: 401, error: 'invalid_request' });
  const { link } = await start(await aPerson(), 'ob-amex');
  expect(link.searchParams.get('scope')).toContain('cards');
});

test('a renewal and a change keep the cards that are shared: they use the auth link', async () => {
  const person: LinkedPerson = await linkPerson(simulator.url, { bankId: 'ob-monzo' });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await refuse({ status: 401, error: 'invalid_request' });
  await simulator.control('POST', '/faults', {
    match: { path: '/v1/reauthuri' },
    action: { status: 401, error: 'unauthorized' },
  });
  await simulator.control('PUT', '/switches', { extend_refusal: 'not_extendable' });
  const ctx = direct(person.ctx);
  const renewal = await renewAsShown(ctx, { connectionId, ...TRIP });
  if (renewal.kind !== 'bank') throw new Error('it was extended');
  const change = await changeAsShown(ctx, { connectionId, ...TRIP, wanted: [], erasesDropped: false });
  for (const url of [renewal.url, change.url]) {
    const link = new URL(url);
    expect(link.searchParams.get('provider_id')).toBe('ob-monzo');
    expect(link.searchParams.get('scope')?.split(' ')).toContain('cards');
  }
  expect(await posts()).toBe(1);
});

test('the bank itself is offered with all that it has: only the direct link refuses', async () => {
  await refuse({ status: 401, error: 'invalid_request' }, { times: 1 });
  const ctx = await aPerson();
  await start(ctx, 'ob-monzo');
  expect((await getBank(ctx, 'ob-monzo')).permissions).toContain('cards');
  const elsewhere = withSettings(ctx, { flow: 'bank-selection' });
  expect((await getLinkableBank(elsewhere, 'ob-monzo')).permissions).toContain('cards');
});
