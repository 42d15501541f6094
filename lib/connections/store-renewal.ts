import 'server-only';
import type { Context } from '#lib/context/context';
import type { TokenSet } from '#lib/truelayer/auth-schemas';
import type { Me } from '#lib/truelayer/identity-schemas';
import { fileBank } from './file-bank.ts';
import { auditRenewal, findRenewal, type Renewal, supersedeTokens } from './renewal.ts';
import { carryRefreshToken, storeTokens } from './tokens.ts';

export type NewRenewal = {
  connectionId: string;
  tokens: TokenSet;
  /** What TrueLayer says of the new grant; null when it wouldn't say. */
  me: Me | null;
  permissions: readonly string[];
  /** When the person signed in at the bank for it; null when no sign-in was needed. */
  authenticatedAt: Date | null;
  attemptId?: string;
  /** The bank that the new grant is at, where that is known. */
  bankId?: string | null;
};

/**
 * Stores a renewal's tokens as incoming, in the caller's transaction; the next sync of the connection fetches with them first. The
 * tokens in use stay until then if the renewal has a grant of its own, and are superseded at once if it is of the same grant. A
 * renewal that was waiting already is overtaken.
 */
export async function storeRenewal(ctx: Context, renewal: NewRenewal): Promise<void> {
  const { connectionId, tokens, me, permissions, authenticatedAt, attemptId } = renewal;
  const credentialsId = me?.credentialsId ?? null;
  await retireOvertaken(ctx, connectionId, credentialsId);
  const bankId = renewal.bankId ?? me?.bank.bankId ?? null;
  if (bankId !== null) await fileBank(ctx, bankId, me);
  const attempt = attemptId === undefined ? {} : { attemptId };
  await storeTokens(ctx, { connectionId, role: 'incoming', credentialsId, tokens, ...attempt });
  if (tokens.refreshToken === null && (await goesOn(ctx, renewal))) await carryRefreshToken(ctx, connectionId);
  await ctx.db.connectionTokens.updateMany({
    where: { connectionId, role: 'incoming' },
    data: {
      permissions: [...permissions],
      consentStatus: me?.consentStatus ?? null,
      consentCreatedAt: me?.consentCreatedAt ?? null,
      consentExpiresAt: me?.consentExpiresAt ?? null,
      authenticatedAt,
      bankId,
    },
  });
  await supersedeTokens(ctx, connectionId);
  await auditRenewal(ctx, connectionId, 'consent.renewal_received', 'tokens_stored');
}

/** Of the same grant it is superseded; a grant of its own is still alive at TrueLayer, and has to be revoked there. */
async function retireOvertaken(ctx: Context, connectionId: string, credentialsId: string | null): Promise<void> {
  const waiting = await findRenewal(ctx, connectionId);
  if (waiting === null) return;
  const where = { id: waiting.id };
  if (await isSameGrant(ctx, waiting, credentialsId)) {
    await ctx.db.connectionTokens.delete({ where, select: { id: true } });
  } else {
    const data = { role: 'outgoing', questionedAt: null } as const;
    await ctx.db.connectionTokens.update({ where, data, select: { id: true } });
  }
}

/** One that TrueLayer hasn't named yet is told by how it came: a fresh link gives a grant of its own. */
async function isSameGrant(ctx: Context, waiting: Renewal, credentialsId: string | null): Promise<boolean> {
  if (waiting.credentialsId !== null) return waiting.credentialsId === credentialsId;
  return !(await isFresh(ctx, waiting.attemptId));
}

/** Whether it is the grant in use that was renewed: only then is the refresh token in use also the renewal's. */
async function goesOn(ctx: Context, { connectionId, me, attemptId }: NewRenewal): Promise<boolean> {
  const where = { id: connectionId };
  const held = await ctx.db.connection.findUniqueOrThrow({ where, select: { credentialsId: true } });
  if (me !== null && held.credentialsId !== null) return me.credentialsId === held.credentialsId;
  return !(await isFresh(ctx, attemptId ?? null));
}

async function isFresh(ctx: Context, attemptId: string | null): Promise<boolean> {
  return attemptId !== null && (await ctx.db.attempt.count({ where: { id: attemptId, way: 'fresh_link' } })) > 0;
}
