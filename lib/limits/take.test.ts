import { randomUUID } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { createContext } from '#lib/context/context';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { takeForCaller, takeFromLimit } from './take.ts';

afterEach(() => vi.useRealTimers());

const aLimit = (times: number, inSeconds = 60) => ({ name: `test ${randomUUID()}`, times, inSeconds });

test('so many at once from any number of processes are let through, and not one more', async () => {
  const limit = aLimit(7);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeFromLimit(limit, 'somebody')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
  await takeFromLimit(limit, 'somebody else');
});

test('whoever is refused is told for how long, and may go on when the time is over', async () => {
  // Only the date: what waits for the database goes on by the machine's own timers.
  vi.useFakeTimers({ toFake: ['Date'] });
  const limit = aLimit(1, 60);
  await takeFromLimit(limit, 'somebody');
  const refusal = await takeFromLimit(limit, 'somebody').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RateLimitedError);
  expect(refusal).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 60 });
  vi.setSystemTime(Date.now() + 59_999);
  await expect(takeFromLimit(limit, 'somebody')).rejects.toMatchObject({ retryAfterSeconds: 1 });
  vi.setSystemTime(Date.now() + 1);
  await takeFromLimit(limit, 'somebody');
});

test('a person is limited wherever they come from, and an address whoever comes from it', async () => {
  const limit = aLimit(2);
  const as = (userId: string, callerAddress: string | null) =>
    createContext({ actor: { kind: 'user', userId }, callerAddress });
  const person = randomUUID();
  await takeForCaller(await as(person, '81.2.69.1'), limit);
  await takeForCaller(await as(person, '81.2.69.2'), limit);
  await expect(takeForCaller(await as(person, '81.2.69.3'), limit)).rejects.toBeInstanceOf(RateLimitedError);
  for (let use = 0; use < 20; use++) await takeForCaller(await as(randomUUID(), '81.2.69.9'), limit);
  await expect(takeForCaller(await as(randomUUID(), '81.2.69.9'), limit)).rejects.toBeInstanceOf(RateLimitedError);
  await takeForCaller(await as(randomUUID(), null), limit);
});
