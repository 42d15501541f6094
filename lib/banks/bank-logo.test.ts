import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Context } from '#lib/context/context';
import { aSystem } from '#lib/testing/link-person';
import { getBankLogo } from './bank-logo.ts';

let system: Context;
beforeAll(async () => {
  system = await aSystem();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** TrueLayer's host for logos, as it might be on a bad day. */
function answerWith(body: ReadableStream<Uint8Array>, headers: Record<string, string>): void {
  vi.stubGlobal('fetch', async () => new Response(body, { headers }));
}

async function addBank(): Promise<string> {
  const id = `ob-logo-${crypto.randomUUID().slice(0, 8)}`;
  const now = system.clock.now();
  const logoUrl = `https://providers-assets.truelayer.com/logos/${id}.png`;
  await system.db.bank.create({
    data: { id, displayName: id, country: 'uk', logoUrl, firstSeenAt: now, lastSeenAt: now },
  });
  return id;
}

test('a logo without end is given up as soon as it is too large, and none of it is kept', async () => {
  let given = 0;
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      given++;
      // Not quite endless: whoever reads on shall fail the test and not fill the memory.
      if (given < 1000) controller.enqueue(new Uint8Array(64 * 1024));
      else controller.close();
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  answerWith(endless, { 'content-type': 'image/png' });
  const bankId = await addBank();
  await expect(getBankLogo(system, bankId)).rejects.toMatchObject({ code: 'bank_logo_not_found' });
  expect(given).toBeLessThan(10);
  expect(isCancelled).toBe(true);
  expect(await system.db.bankLogo.count({ where: { bankId } })).toBe(0);
});

test('a logo is fetched once and kept; what isn’t a picture is let go unread', async () => {
  const once = () => new Blob([new Uint8Array([1, 2, 3])]).stream();
  const bankId = await addBank();
  answerWith(once(), { 'content-type': 'text/html' });
  await expect(getBankLogo(system, bankId)).rejects.toMatchObject({ kind: 'not_found' });
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 5 * 60_000);
  answerWith(once(), { 'content-type': 'image/png; charset=binary' });
  expect([...(await getBankLogo(system, bankId)).body]).toEqual([1, 2, 3]);
  expect(await getBankLogo(system, bankId)).toMatchObject({ contentType: 'image/png' });
});
