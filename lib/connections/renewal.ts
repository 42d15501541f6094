import 'server-only';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';

const RENEWAL = {
  id: true,
  credentialsId: true,
  attemptId: true,
  bankId: true,
  refreshedAt: true,
  permissions: true,
  consentStatus: true,
  consentCreatedAt: true,
  consentExpiresAt: true,
  authenticatedAt: true,
  questionedAt: true,
  confirmedAt: true,
} satisfies Prisma.ConnectionTokensSelect;

/** A grant that has come in for a connection and has not fetched yet. Its tokens are not part of this. */
export type Renewal = Prisma.ConnectionTokensGetPayload<{ select: typeof RENEWAL }>;

export function findRenewal(ctx: Context, connectionId: string): Promise<Renewal | null> {
  return ctx.db.connectionTokens.findFirst({ where: { connectionId, role: 'incoming' }, select: RENEWAL });
}

type Subject = { connectionId: string; code: string };

/**
 * A renewal that failed. One with a grant of its own leaves the tokens in use as they were. One of the grant in use has superseded
 * them: its tokens are the ones in use from now on, though nothing else of it counts. Only inside a transaction.
 */
export async function dropRenewal(
  ctx: Context,
  { connectionId, code }: Subject,
): Promise<'none' | 'dropped' | 'tokens_in_use'> {
  const renewal = await findRenewal(ctx, connectionId);
  if (renewal === null) return 'none';
  const where = { id: renewal.id };
  await auditRenewal(ctx, connectionId, 'consent.renewal_lost', code);
  if (!(await supersedesTokens(ctx, connectionId, renewal))) {
    await ctx.db.connectionTokens.delete({ where, select: { id: true } });
    return 'dropped';
  }
  await ctx.db.connectionTokens.deleteMany({ where: { connectionId, role: 'current' } });
  await ctx.db.connectionTokens.update({ where, data: { role: 'current', ...NO_RENEWAL }, select: { id: true } });
  return 'tokens_in_use';
}

/** What the row of a renewal loses when its tokens are the ones in use. */
export const NO_RENEWAL = {
  permissions: [],
  bankId: null,
  consentStatus: null,
  consentCreatedAt: null,
  consentExpiresAt: null,
  authenticatedAt: null,
  questionedAt: null,
  confirmedAt: null,
} as const satisfies Prisma.ConnectionTokensUncheckedUpdateInput;

async function supersedesTokens(ctx: Context, connectionId: string, renewal: Renewal): Promise<boolean> {
  const inUse = await ctx.db.connectionTokens.findFirst({
    where: { connectionId, role: 'current' },
    select: { refreshedAt: true },
  });
  if (inUse === null) return true;
  return (await isGrantInUse(ctx, connectionId, renewal)) && inUse.refreshedAt <= renewal.refreshedAt;
}

async function isGrantInUse(ctx: Context, connectionId: string, { credentialsId }: Renewal): Promise<boolean> {
  return credentialsId !== null && (await ctx.db.connection.count({ where: { id: connectionId, credentialsId } })) > 0;
}

/**
 * Signing in again for the grant in use supersedes its tokens, whatever becomes of the renewal: a superseded refresh token is
 * never sent again. While another process refreshes them they stay, and the take-over decides which are newer.
 */
export async function supersedeTokens(ctx: Context, connectionId: string): Promise<void> {
  const renewal = await findRenewal(ctx, connectionId);
  if (renewal === null || !(await isGrantInUse(ctx, connectionId, renewal))) return;
  await ctx.db.$executeRaw`
    delete from connection_tokens where connection_id = ${connectionId}::uuid and role = 'current'
      and (lease_until is null or lease_until < clock_timestamp())`;
}

/** Somebody else seems to have signed in at the bank for it: nothing uses it until the person has said what it is. */
export async function questionRenewal(ctx: Context, { connectionId, code }: Subject): Promise<void> {
  const { count } = await ctx.db.connectionTokens.updateMany({
    where: { connectionId, role: 'incoming', questionedAt: null, confirmedAt: null },
    data: { questionedAt: ctx.clock.now() },
  });
  if (count > 0) await auditRenewal(ctx, connectionId, 'consent.renewal_questioned', code);
}

export async function auditRenewal(
  ctx: Context,
  connectionId: string,
  action: `consent.renewal_${string}`,
  reason: string,
): Promise<void> {
  const where = { id: connectionId };
  const { userId } = await ctx.db.connection.findUniqueOrThrow({ where, select: { userId: true } });
  await recordAudit(ctx, {
    action,
    subject: { kind: 'connection', id: connectionId },
    connectionId,
    personId: userId,
    reason,
  });
}
