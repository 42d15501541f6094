import 'server-only';
import { isPerson } from '#lib/actor/actor';
import type { Context } from '#lib/context/context';
import { keyedHashOf } from '#lib/crypto/secret';
import { database } from '#lib/db/client';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { networkOf } from './network-of.ts';

/** So many times in so many seconds, for whoever `per` names. */
export type Limit = { name: string; times: number; inSeconds: number };

/**
 * Counts one use, in one statement that is right from any number of processes. On the machine's own clock, and outside any
 * transaction: a use that is rolled back still was one.
 * @throws {RateLimitedError}
 */
export async function takeFromLimit(limit: Limit, per: string): Promise<void> {
  const keyHash = keyedHashOf('rate limit', `${limit.name} ${per}`);
  const now = new Date();
  const resetsAt = new Date(now.getTime() + limit.inSeconds * 1000);
  const [row] = await database().$queryRaw<[{ count: number; resets_at: Date }]>`
    insert into rate_limits as r (key_hash, count, resets_at) values (${keyHash}, 1, ${resetsAt})
    on conflict (key_hash) do update set
      count = case when r.resets_at <= ${now} then 1 else r.count + 1 end,
      resets_at = case when r.resets_at <= ${now} then ${resetsAt} else r.resets_at end
    returning count, resets_at`;
  if (row.count > limit.times) {
    const retryAfterSeconds = Math.max(1, Math.ceil((row.resets_at.getTime() - now.getTime()) / 1000));
    throw new RateLimitedError({ limit: limit.name, retryAfterSeconds });
  }
}

/** Many people can share one address (a household, an office, a mobile network), so it is given as many times more. */
const PEOPLE_BEHIND_AN_ADDRESS = 10;

/**
 * Counts one use for the person who acts and one for the address that they act from.
 * @throws {RateLimitedError}
 */
export async function takeForCaller({ actor, callerAddress }: Context, limit: Limit): Promise<void> {
  if (isPerson(actor)) await takeFromLimit(limit, actor.userId);
  if (callerAddress === null) return;
  const { name, times, inSeconds } = limit;
  const perAddress = { name: `${name}, by address`, times: times * PEOPLE_BEHIND_AN_ADDRESS, inSeconds };
  await takeFromLimit(perAddress, networkOf(callerAddress));
}
