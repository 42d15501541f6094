import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Context } from '#lib/context/context';
import { withOwnDatabase } from '#lib/testing/own-database';
import { prepareTrips } from '#lib/testing/trip';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { withSettings } from '#lib/testing/with-settings';
import { offsetClock } from '#lib/time/clock';
import { HOUR_MS } from '#lib/time/span';
import { getBank } from './get-bank.ts';
import { listBanks } from './list-banks.ts';
import { measureBanks } from './measure-banks.ts';
import { refreshBanks } from './refresh-banks.ts';

withOwnDatabase();
const standIn = aStandIn();
let system: Context;
beforeAll(async () => {
  system = await prepareTrips();
});
beforeEach(() => standIn.control('POST', '/reset'));

const switchTo = (switches: object) => standIn.control('PUT', '/switches', switches);
const idsOf = async (ctx: Context) => (await listBanks(ctx)).banks.map(({ id }) => id);

test('only banks that can give what is asked, and that the filter lets in, are offered', async () => {
  const cards = withSettings(system, { permissions: ['cards', 'balance'], providers: ['uk-ob-all'] });
  expect(await idsOf(cards)).toContain('ob-amex');
  expect(await idsOf(cards)).not.toContain('mock');
  const accounts = withSettings(system, { permissions: ['accounts'], providers: ['uk-ob-all'] });
  expect(await idsOf(accounts)).not.toContain('ob-amex');
  await expect(getBank(accounts, 'ob-amex')).rejects.toThrow('bank_not_found');
});

test('a bank that TrueLayer has retired is found under the id that came in its place, once that is offered', async () => {
  expect((await getBank(system, 'ob-lloyds-corporate')).id).toBe('ob-lloyds-commercial');
  // Not retired, as long as it is on the list.
  expect((await getBank(system, 'ob-santander')).id).toBe('ob-santander');
  const noneOfThem = withSettings(system, { providers: ['ob-tsb', 'ob-lloyds-corporate'] });
  await expect(getBank(noneOfThem, 'ob-lloyds-corporate')).rejects.toThrow('bank_not_found');
});

test('while TrueLayer is down the last good list is served, and said to be old when it is', async () => {
  const before = await idsOf(system);
  await switchTo({ providers_fail: true });
  await expect(refreshBanks(system)).rejects.toThrow();
  expect(await idsOf(system)).toEqual(before);
  expect((await listBanks(system)).staleSince).toBeNull();
  const tomorrow = { ...system, clock: offsetClock(24 * HOUR_MS) };
  expect((await listBanks(tomorrow)).staleSince).not.toBeNull();
});

test('one entry that can’t be read costs no other', async () => {
  await switchTo({ malformed_provider: true });
  expect(await refreshBanks(system)).toMatchObject({ setAside: 1 });
  expect(await idsOf(system)).toContain('ob-monzo');
});

test('a bank that TrueLayer measures as failing is said to have trouble and offered all the same; silence is no news', async () => {
  await switchTo({ status: { 'ob-tsb': { availability: 40 }, 'ob-tide': { availability: null } } });
  await measureBanks(system);
  expect((await getBank(system, 'ob-tsb')).health).toBe('troubled');
  expect((await getBank(system, 'ob-tide')).health).not.toBe('troubled');
  expect((await getBank({ ...system, clock: offsetClock(4 * HOUR_MS) }, 'ob-tsb')).health).not.toBe('troubled');
});

test('our own newest calls count too, once there are enough of them', async () => {
  await standIn.control('POST', '/faults', { match: { path: '/api/v1/data/status' }, action: { status: 503 } });
  const bankId = 'ob-mettle';
  const call = (httpStatus: number) => ({
    bankId,
    endpoint: 'balance',
    isAttended: false,
    isCounted: false,
    startedAt: new Date(),
    finishedAt: new Date(),
    httpStatus,
    durationMs: 100,
    correlationId: crypto.randomUUID(),
  });
  await system.db.truelayerCall.createMany({ data: Array.from({ length: 8 }, () => call(503)) });
  await measureBanks(system);
  expect((await getBank(system, bankId)).health).not.toBe('troubled');
  await system.db.truelayerCall.createMany({ data: [call(503), call(200), call(502)] });
  await measureBanks(system);
  expect((await getBank(system, bankId)).health).toBe('troubled');
});
