import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';

/** Longer than one call of the revocation may take, a wait for the tokens' own lease included. */
const LEASE_SECONDS = 120;

/** The lease expired and another process has taken it. */
export class RevokeLeaseLostError extends AppError {
  constructor() {
    super('conflict', 'revoke_lease_lost');
  }
}

export type RevokeLease = { readonly connectionId: string; readonly id: string };

/**
 * One process at a time ends the grants of a connection at TrueLayer: a stop is finished by the web process and by a job. Null while
 * another process holds the lease. Leases use the database's clock, on which all processes agree.
 */
export async function claimRevokeLease(ctx: Context, connectionId: string): Promise<RevokeLease | null> {
  const id = uuidv4();
  const claimed = await ctx.db.$executeRaw`
    update connections set revoke_lease_id = ${id}::uuid,
      revoke_lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where id = ${connectionId}::uuid and ended_at is null
      and (revoke_lease_until is null or revoke_lease_until < clock_timestamp())`;
  return claimed === 1 ? { connectionId, id } : null;
}

/**
 * Extends the lease before each call to TrueLayer.
 * @throws {RevokeLeaseLostError}
 */
export async function keepRevokeLease(ctx: Context, { connectionId, id }: RevokeLease): Promise<void> {
  const kept = await ctx.db.$executeRaw`
    update connections set revoke_lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where id = ${connectionId}::uuid and revoke_lease_id = ${id}::uuid`;
  if (kept === 0) throw new RevokeLeaseLostError();
}

export async function releaseRevokeLease(ctx: Context, { connectionId, id }: RevokeLease): Promise<void> {
  await ctx.db.connection.updateMany({
    where: { id: connectionId, revokeLeaseId: id },
    data: { revokeLeaseId: null, revokeLeaseUntil: null },
  });
}
