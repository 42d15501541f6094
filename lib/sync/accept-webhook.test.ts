import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createContext } from '#lib/context/context';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { acceptWebhook } from './accept-webhook.ts';

test('an address that sends what nobody asked for is soon heard no more, and others still are', async () => {
  const from = (callerAddress: string) => createContext({ actor: { kind: 'webhook', name: 'test' }, callerAddress });
  const send = async (callerAddress: string) =>
    acceptWebhook(await from(callerAddress), { taskToken: `${randomUUID()}.guessed`, body: '{}' });
  const [flooding, other] = ['81.2.70.1', '81.2.70.2'];
  const first = await Promise.all(Array.from({ length: 60 }, () => send(flooding)));
  expect(new Set(first)).toEqual(new Set(['ignored']));
  await expect(send(flooding)).rejects.toBeInstanceOf(RateLimitedError);
  expect(await send(other)).toBe('ignored');
});
