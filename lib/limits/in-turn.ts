import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { database } from '#lib/db/client';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { type Limit, takeForCaller } from './take.ts';

/** How long a lease lasts without being renewed: a process that was killed keeps its user waiting no longer than this. */
const LEASE_SECONDS = 60;
const RENEW_AFTER_MS = 15_000;

/**
 * Starts a download that is limited per user: so many in a period, and one of a name at a time across all processes. The lease
 * is held while the pieces are read, and given back when they end, fail or are cancelled. On the database's own clock.
 * @throws {RateLimitedError}
 */
export async function inTurn(
  ctx: Context,
  limit: Limit,
  start: () => Promise<AsyncIterable<string>>,
): Promise<AsyncGenerator<string>> {
  const { userId } = requirePerson(ctx.actor);
  const lease: Lease = { userId, kind: limit.name, leaseId: uuidv7() };
  await take(lease);
  try {
    await takeForCaller(ctx, limit);
    const pieces = await start();
    return withRelease(lease, held(lease, pieces));
  } catch (error) {
    await giveBack(lease);
    throw error;
  }
}

type Lease = { userId: string; kind: string; leaseId: string };

async function take({ userId, kind, leaseId }: Lease): Promise<void> {
  const taken = await database().$executeRaw`
    insert into export_leases as l (user_id, kind, lease_id, expires_at)
    values (${userId}::uuid, ${kind}, ${leaseId}::uuid, now() + make_interval(secs => ${LEASE_SECONDS}::int))
    on conflict (user_id, kind) do update set lease_id = excluded.lease_id, expires_at = excluded.expires_at
    where l.expires_at <= now()`;
  if (taken === 0) throw new RateLimitedError({ limit: kind, retryAfterSeconds: LEASE_SECONDS, isBusy: true });
}

async function* held(lease: Lease, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let renewedAt = performance.now();
  try {
    for await (const piece of pieces) {
      if (performance.now() - renewedAt > RENEW_AFTER_MS) {
        await renew(lease);
        renewedAt = performance.now();
      }
      yield piece;
    }
  } finally {
    await giveBack(lease);
  }
}

/** A generator that was never started runs no `finally` when it is cancelled. */
function withRelease(lease: Lease, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  const end = pieces.return.bind(pieces);
  return Object.assign(pieces, {
    return: async (value: unknown) => {
      await giveBack(lease);
      return end(value);
    },
  });
}

async function renew({ userId, kind, leaseId }: Lease): Promise<void> {
  await database().$executeRaw`
    update export_leases set expires_at = now() + make_interval(secs => ${LEASE_SECONDS}::int)
    where user_id = ${userId}::uuid and kind = ${kind} and lease_id = ${leaseId}::uuid`;
}

/** Only one's own: after a pause that outlasted the lease, another download may hold it. */
async function giveBack({ userId, kind, leaseId }: Lease): Promise<void> {
  await database().$executeRaw`
    delete from export_leases where user_id = ${userId}::uuid and kind = ${kind} and lease_id = ${leaseId}::uuid`;
}
