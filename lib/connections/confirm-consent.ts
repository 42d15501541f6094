import 'server-only';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import { consentDaysIn } from './consent-offer.ts';
import { settleStatus } from './settle-status.ts';

/**
 * The renewed grant was used at `usedAt`, after the old end of its consent: the consent lives on, though TrueLayer hasn't told its
 * new end. Until it does, the usual length counts, from the renewal on. Does nothing where no renewal waits for its end. Only inside a
 * transaction.
 */
export async function confirmRenewedConsent(ctx: Context, connectionId: string, usedAt: Date): Promise<void> {
  await ctx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
  const row = await ctx.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: {
      userId: true,
      consentExpiresAt: true,
      endPendingSince: true,
      endedAt: true,
      revokingSince: true,
      nextSyncAt: true,
      bank: { select: { country: true } },
    },
  });
  const { consentExpiresAt, endPendingSince } = row;
  if (endPendingSince === null || consentExpiresAt === null || usedAt <= consentExpiresAt) return;
  if (row.endedAt !== null || row.revokingSince !== null) return;
  const now = ctx.clock.now();
  const assumed = addMs(endPendingSince, consentDaysIn(row.bank.country) * DAY_MS);
  if (assumed <= now) return;
  await settleStatus(ctx, connectionId, {
    facts: { consentExpiresAt: assumed, endPendingSince: null },
    data: { consentCheckedAt: null, nextSyncAt: row.nextSyncAt ?? now },
    reason: 'renewal_confirmed',
  });
  await recordAudit(ctx, {
    action: 'consent.end_changed',
    subject: { kind: 'connection', id: connectionId },
    connectionId,
    personId: row.userId,
    before: { consentExpiresAt: consentExpiresAt.toISOString() },
    after: { consentExpiresAt: assumed.toISOString() },
    reason: 'renewal_confirmed',
  });
}
