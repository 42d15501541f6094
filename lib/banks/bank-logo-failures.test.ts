import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Context } from '#lib/context/context';
import { aSystem } from '#lib/testing/link-person';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { getBankLogo } from './bank-logo.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

let system: Context;
let server: Server;
let origin: string;
/** How often each path was asked for, and the status that it is answered with. */
const asked = new Map<string, number>();
const statuses = new Map<string, number>();
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const status = statuses.get(path) ?? 404;
    response.writeHead(status, { 'content-type': status === 200 ? 'image/png' : 'text/plain' }).end(PNG);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.TRUELAYER_AUTH_URL = origin;
  system = await aSystem();
});
afterEach(() => vi.useRealTimers());
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function addBank(status: number): Promise<{ bankId: string; path: string }> {
  const bankId = `ob-logo-${crypto.randomUUID().slice(0, 8)}`;
  const path = `/logos/${bankId}.png`;
  statuses.set(path, status);
  const now = new Date();
  await system.db.bank.create({
    data: {
      id: bankId,
      displayName: bankId,
      country: 'uk',
      logoUrl: `${origin}${path}`,
      firstSeenAt: now,
      lastSeenAt: now,
    },
  });
  return { bankId, path };
}

const hasLogo = (bankId: string) =>
  getBankLogo(system, bankId).then(
    () => true,
    (error: { code: string }) => {
      expect(error.code).toBe('bank_logo_not_found');
      return false;
    },
  );

async function visit(bankId: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await hasLogo(bankId);
}

test.each([404, 500, 302])(
  'a logo that is answered with %i is fetched once, however many visitors come',
  async (status) => {
    const { bankId, path } = await addBank(status);
    await Promise.all(Array.from({ length: 20 }, () => hasLogo(bankId)));
    await visit(bankId, 20);
    expect(asked.get(path)).toBe(1);
  },
);

test('a logo that can be fetched is fetched once, and kept', async () => {
  const { bankId, path } = await addBank(200);
  expect(await Promise.all(Array.from({ length: 20 }, () => hasLogo(bankId)))).toEqual(Array(20).fill(true));
  await visit(bankId, 5);
  expect(asked.get(path)).toBe(1);
});

test('it is tried again after 5 minutes, then after twice as long each time, and at least once a day', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { bankId, path } = await addBank(500);
  await visit(bankId, 2);
  const waits: number[] = [];
  for (let round = 0; round < 11; round++) {
    const { tryAfter } = await system.db.bankLogoFailure.findUniqueOrThrow({ where: { bankId } });
    waits.push(tryAfter.getTime() - Date.now());
    vi.setSystemTime(tryAfter.getTime() - 1);
    await visit(bankId, 2);
    expect(asked.get(path)).toBe(round + 1);
    vi.setSystemTime(tryAfter);
    await visit(bankId, 2);
    expect(asked.get(path)).toBe(round + 2);
  }
  expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40].map((minutes) => minutes * MINUTE_MS));
  expect(waits.at(-1)).toBe(DAY_MS);
});

test('another address is fetched at once, and success forgets the failures', async () => {
  const { bankId, path } = await addBank(404);
  await visit(bankId, 3);
  const moved = `${path}?2`;
  statuses.set(moved, 200);
  await system.db.bank.update({ where: { id: bankId }, data: { logoUrl: `${origin}${moved}` }, select: { id: true } });
  expect(await hasLogo(bankId)).toBe(true);
  expect(asked.get(moved)).toBe(1);
  expect(await system.db.bankLogoFailure.count({ where: { bankId } })).toBe(0);
});

test('an old logo is shown while a newer one can’t be fetched', async () => {
  const { bankId, path } = await addBank(200);
  await visit(bankId, 1);
  statuses.set(path, 500);
  await system.db.bankLogo.update({ where: { bankId }, data: { fetchedAt: new Date(0) }, select: { bankId: true } });
  expect(await hasLogo(bankId)).toBe(true);
  expect(await hasLogo(bankId)).toBe(true);
  expect(asked.get(path)).toBe(2);
});
