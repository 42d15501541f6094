import { expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { fixedClock } from '#lib/time/clock';
import { addMs, MINUTE_MS, msBetween } from '#lib/time/span';
import { findBreakerRest, noteBankFailure } from './breaker.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const after = (minutes: number) => addMs(NOON, minutes * MINUTE_MS);

async function aBank() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const bankId = `ob-breaker-${crypto.randomUUID()}`;
  await addAccount(ctx, { bankId });
  const at = (minutes: number): Context => ({ ...ctx, clock: fixedClock(after(minutes)) });
  const fail = (minutes: number, begunAt: number, connectionId: string = crypto.randomUUID()) =>
    noteBankFailure(at(minutes), bankId, { connectionId, code: 'provider_error', startedAt: after(begunAt) });
  const restMinutes = async (minutes: number) => {
    const until = await findBreakerRest(at(minutes), bankId);
    return until === null ? null : msBetween(after(minutes), until) / MINUTE_MS;
  };
  return { fail, restMinutes };
}

test('however many syncs were under way when a bank went down, its first rest is the short one', async () => {
  const { fail, restMinutes } = await aBank();
  for (let sync = 0; sync < 4; sync++) await fail(0, -1);
  expect(await restMinutes(0)).toBeNull();
  for (let sync = 0; sync < 20; sync++) await fail(0, -1);
  expect(await restMinutes(0)).toBe(10);
});

test('the rest doubles each time that somebody tries in vain when it is over', async () => {
  const { fail, restMinutes } = await aBank();
  for (let sync = 0; sync < 5; sync++) await fail(0, 0);
  expect(await restMinutes(10)).toBeNull();
  expect(await restMinutes(10)).toBe(5);
  await fail(11, 10);
  expect(await restMinutes(11)).toBe(20);
  await fail(11.5, -1);
  expect(await restMinutes(31)).toBeNull();
  await fail(32, 31);
  expect(await restMinutes(32)).toBe(40);
});

test('one connection that fails again and again says nothing about the bank', async () => {
  const { fail, restMinutes } = await aBank();
  const one = crypto.randomUUID();
  for (let sync = 0; sync < 20; sync++) await fail(sync, sync, one);
  expect(await restMinutes(20)).toBeNull();
  for (let sync = 0; sync < 3; sync++) await fail(21, 21);
  expect(await restMinutes(21)).toBeNull();
  await fail(22, 22);
  expect(await restMinutes(22)).toBe(10);
});
