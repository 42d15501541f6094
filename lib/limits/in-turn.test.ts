import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { addUser } from '#lib/testing/link-person';
import { inTurn } from './in-turn.ts';

let system: Context;
beforeAll(async () => {
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
});

const aUser = async () => actingAs(system, { kind: 'user', userId: await addUser(system) });
const aLimit = (times: number) => ({ name: `downloads ${randomUUID()}`, times, inSeconds: 3600 });

async function* three(): AsyncGenerator<string> {
  yield 'one';
  yield 'two';
  yield 'three';
}
const start = async () => three();

test('one download of a kind runs for a user at a time, whichever process is asked', async () => {
  const user = await aUser();
  const limit = aLimit(100);
  const first = await inTurn(user, limit, start);
  expect(await first.next()).toEqual({ done: false, value: 'one' });
  await expect(inTurn(user, limit, start)).rejects.toMatchObject({ kind: 'rate_limited', isBusy: true });
  // Other kinds and other users go on.
  expect(await Array.fromAsync(await inTurn(user, aLimit(1), start))).toHaveLength(3);
  expect(await Array.fromAsync(await inTurn(await aUser(), limit, start))).toHaveLength(3);
  expect(await Array.fromAsync(first)).toEqual(['two', 'three']);
  expect(await Array.fromAsync(await inTurn(user, limit, start))).toHaveLength(3);
});

test('of many at once one is let through', async () => {
  const user = await aUser();
  const limit = aLimit(100);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => inTurn(user, limit, start)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a download that is cancelled, or fails, is over', async () => {
  const user = await aUser();
  const limit = aLimit(100);
  const cancelled = await inTurn(user, limit, start);
  await cancelled.next();
  await cancelled.return(undefined);
  const unstarted = await inTurn(user, limit, start);
  await unstarted.return(undefined);
  const failing = await inTurn(user, limit, async () => {
    return (async function* () {
      yield 'one';
      throw new Error('the database is away');
    })();
  });
  await expect(Array.fromAsync(failing)).rejects.toThrow('away');
  await expect(inTurn(user, limit, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(await Array.fromAsync(await inTurn(user, limit, start))).toHaveLength(3);
});

test('a download whose process was killed keeps its user waiting until its lease is over', async () => {
  const user = await aUser();
  const limit = aLimit(100);
  const killed = await inTurn(user, limit, start);
  await killed.next();
  const userId = user.actor.kind === 'user' ? user.actor.userId : '';
  await system.db.exportLease.updateMany({ where: { userId }, data: { expiresAt: new Date(Date.now() - 1000) } });
  const next = await inTurn(user, limit, start);
  await next.next();
  // The first one's end must not end the other's lease.
  await killed.return(undefined);
  await expect(inTurn(user, limit, start)).rejects.toMatchObject({ isBusy: true });
  await next.return(undefined);
});

test('so many in a period are let through, and the refusal says for how long', async () => {
  const user = await aUser();
  const limit = aLimit(2);
  for (let time = 0; time < 2; time++) await Array.fromAsync(await inTurn(user, limit, start));
  const refusal = await inTurn(user, limit, start).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ kind: 'rate_limited', isBusy: false });
  expect((refusal as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(3500);
  await expect(inTurn(system, limit, start)).rejects.toMatchObject({ kind: 'unauthenticated' });
});
