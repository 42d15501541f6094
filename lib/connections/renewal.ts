import 'server-only';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';

const RENEWAL = {
  id: true,
  credentialsId: true,
  attemptId: true,
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

/** A renewal that came to nothing: the tokens in use go on as if it had never been. Only inside a transaction. */
export async function dropRenewal(ctx: Context, { connectionId, code }: Subject): Promise<void> {
  const { count } = await ctx.db.connectionTokens.deleteMany({ where: { connectionId, role: 'incoming' } });
  if (count > 0) await auditRenewal(ctx, connectionId, 'consent.renewal_lost', code);
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
