import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { SECOND_MS } from '#lib/time/span';

/** Longer than the slowest call takes. */
const LEASE_SECONDS = 120;
/** A lease that was renewed within this time outlives any call that begins now. */
const RENEWAL_MS = 20 * SECOND_MS;

/** Somebody else is fetching for this connection. */
export class SyncBusyError extends AppError {
  constructor() {
    super('unavailable', 'sync_busy');
  }
}

/** The lease went to somebody else, or the person stopped sharing: nothing more may be stored under it. */
export class SyncLostError extends AppError {
  constructor() {
    super('conflict', 'sync_lost');
  }
}

export type Lease = {
  readonly connectionId: string;
  readonly id: string;
  /** On this process's own steady clock, in milliseconds. */
  renewedAtMs: number;
};

/**
 * One sync of a connection at a time, across processes. On the database's own clock, which every process agrees on and no
 * demonstration moves.
 * @throws {SyncBusyError}
 */
export async function claimLease(ctx: Context, connectionId: string): Promise<Lease> {
  const id = uuidv4();
  const renewedAtMs = performance.now();
  const claimed = await ctx.db.$executeRaw`
    update connections set sync_lease_id = ${id}::uuid, sync_lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where id = ${connectionId}::uuid and ended_at is null and revoking_since is null
      and (sync_lease_until is null or sync_lease_until < clock_timestamp())`;
  if (claimed === 0) throw new SyncBusyError();
  return { connectionId, id, renewedAtMs };
}

/**
 * Sees before a call that the lease is still held, and renews it when it has aged. It waits for no transaction that is storing
 * under the same lease.
 * @throws {SyncLostError}
 */
export async function requireLease(ctx: Context, lease: Lease): Promise<void> {
  const now = performance.now();
  if (now - lease.renewedAtMs > RENEWAL_MS) {
    await keepLease(ctx, lease);
    lease.renewedAtMs = now;
    return;
  }
  const where = { id: lease.connectionId, syncLeaseId: lease.id, endedAt: null, revokingSince: null };
  if ((await ctx.db.connection.count({ where })) === 0) throw new SyncLostError();
}

/**
 * Renews the lease. In a transaction this is the fence: it holds the connection's row until the commit, so that whatever is
 * stored is stored by the one who holds the lease, for a person who still shares.
 * @throws {SyncLostError}
 */
export async function keepLease(ctx: Context, lease: Lease): Promise<void> {
  const kept = await ctx.db.$executeRaw`
    update connections set sync_lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where id = ${lease.connectionId}::uuid and sync_lease_id = ${lease.id}::uuid and ended_at is null and revoking_since is null`;
  if (kept === 0) throw new SyncLostError();
}

export async function releaseLease(ctx: Context, lease: Lease): Promise<void> {
  await ctx.db.connection.updateMany({
    where: { id: lease.connectionId, syncLeaseId: lease.id },
    data: { syncLeaseId: null, syncLeaseUntil: null },
  });
}
