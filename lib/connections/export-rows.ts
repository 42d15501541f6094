import 'server-only';
import type { Context } from '#lib/context/context';
import { openText } from '#lib/crypto/seal';
import { listHistory } from './list-history.ts';

/** One consent, with what was agreed to, who the bank says the holder is, and what happened. */
export async function toCredentialsFree(ctx: Context, userId: string, connectionId: string) {
  const { permissions, holders, ...row } = await ctx.db.connection.findFirstOrThrow({
    where: { id: connectionId, userId },
    select: {
      id: true,
      bankId: true,
      bankName: true,
      status: true,
      connectedAt: true,
      consentCreatedAt: true,
      consentExpiresAt: true,
      authenticatedAt: true,
      lastSyncedAt: true,
      endedAt: true,
      erasedAt: true,
      permissions: { select: { permission: true, grantedAt: true } },
      receipts: {
        select: {
          id: true,
          kind: true,
          agreedAt: true,
          wordingVersion: true,
          wording: true,
          purposeText: true,
          permissions: true,
          declined: true,
        },
        orderBy: { agreedAt: 'asc' },
      },
      holders: { select: { id: true, detailsSealed: true, seenAt: true }, orderBy: { position: 'asc' } },
    },
  });
  return {
    ...row,
    permissions,
    holders: holders.map(({ id, detailsSealed, seenAt }) => ({
      seenAt,
      details: toJson(openText({ table: 'holder_details', column: 'details_sealed', rowId: id }, detailsSealed)),
    })),
    history: await listHistory(ctx, connectionId),
  };
}

/** Sealed by ourselves as JSON. */
export function toJson(text: string): unknown {
  return JSON.parse(text);
}
