import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { addMs, HOUR_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { mayPass, PATIENCE_MS, revokeAndDestroy } from './revoke-grants.ts';
import { claimRevokeLease, type RevokeLease, RevokeLeaseLostError, releaseRevokeLease } from './revoke-lease.ts';

/** It waits as long again as it has been failing, within these. */
const SHORTEST_WAIT_MS = MINUTE_MS;
const LONGEST_WAIT_MS = 6 * HOUR_MS;

const GRANT = {
  id: true,
  role: true,
  credentialsId: true,
  connectionId: true,
  revokeFailedAt: true,
} satisfies Prisma.ConnectionTokensSelect;

type OldGrant = Prisma.ConnectionTokensGetPayload<{ select: typeof GRANT }>;

/** Grants that a connection has gone over from, and whose time to be ended at TrueLayer has come. */
export function dueGrants(ctx: Context) {
  const isDue = [{ revokeAfter: null }, { revokeAfter: { lte: ctx.clock.now() } }];
  return { role: 'outgoing', OR: isDue } satisfies Prisma.ConnectionTokensWhereInput;
}

/**
 * Ends the superseded grants of a connection that is still in use. One that fails waits and delays no other; after a week
 * without TrueLayer's confirmation its tokens are destroyed all the same, as those of a stop are, and the audit says so. Does nothing
 * while another process revokes grants of this connection.
 * @throws the first fault, after every grant has been tried
 */
export async function retireGrants(ctx: Context, connectionId: string): Promise<void> {
  requireSystem(ctx.actor);
  const lease = await claimRevokeLease(ctx, connectionId);
  if (lease === null) return;
  try {
    await retireUnderLease(ctx, lease);
  } finally {
    await releaseRevokeLease(ctx, lease);
  }
}

async function retireUnderLease(ctx: Context, lease: RevokeLease): Promise<void> {
  const faults: unknown[] = [];
  let grant = await findDue(ctx, lease.connectionId);
  while (grant !== null) {
    try {
      await revokeAndDestroy(ctx, lease, grant);
    } catch (error) {
      if (error instanceof RevokeLeaseLostError) throw error;
      if (isOverdue(ctx, grant) && mayPass(error)) await destroyUnconfirmed(ctx, grant, error);
      else {
        await putOff(ctx, grant);
        faults.push(error);
      }
    }
    grant = await findDue(ctx, lease.connectionId);
  }
  if (faults.length > 0) throw faults[0];
}

function findDue(ctx: Context, connectionId: string): Promise<OldGrant | null> {
  const where = { connectionId, ...dueGrants(ctx) };
  return ctx.db.connectionTokens.findFirst({ where, select: GRANT, orderBy: { id: 'asc' } });
}

function isOverdue(ctx: Context, { revokeFailedAt }: OldGrant): boolean {
  return revokeFailedAt !== null && msBetween(revokeFailedAt, ctx.clock.now()) > PATIENCE_MS;
}

async function putOff(ctx: Context, { id, revokeFailedAt }: OldGrant): Promise<void> {
  const now = ctx.clock.now();
  const failedAt = revokeFailedAt ?? now;
  const waitMs = Math.min(Math.max(msBetween(failedAt, now), SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
  await ctx.db.connectionTokens.updateMany({
    where: { id, role: 'outgoing' },
    data: { revokeFailedAt: failedAt, revokeAfter: addMs(now, waitMs) },
  });
}

async function destroyUnconfirmed(ctx: Context, { id, connectionId }: OldGrant, error: unknown): Promise<void> {
  ctx.log.error(
    { event: 'grant.unconfirmed', connectionId, error },
    'TrueLayer never confirmed the end of an earlier grant',
  );
  await inTransaction(ctx, async (tx) => {
    const where = { id: connectionId };
    const connection = await tx.db.connection.findUnique({ where, select: { userId: true } });
    const { count } = await tx.db.connectionTokens.deleteMany({ where: { id, role: 'outgoing' } });
    if (connection === null || count === 0) return;
    await recordAudit(tx, {
      action: 'consent.old_grant_destroyed',
      subject: { kind: 'connection', id: connectionId },
      connectionId,
      personId: connection.userId,
      after: { told: 'unconfirmed' },
    });
  });
}
