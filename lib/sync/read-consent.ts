import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { STATUS_FACTS, settleStatus } from '#lib/connections/settle-status';
import { allowsUnattended } from '#lib/connections/status';
import { GrantRefusedError, getAccessToken } from '#lib/connections/tokens';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import type { Prisma } from '#lib/db/generated/client';
import type { Me } from '#lib/truelayer/identity-schemas';
import { createCallGate } from './call-gate.ts';
import { statusAt } from './callable.ts';

const CONNECTION = {
  ...STATUS_FACTS,
  id: true,
  bankId: true,
  credentialsId: true,
  userId: true,
  consentCheckedAt: true,
} satisfies Prisma.ConnectionSelect;

type Row = Prisma.ConnectionGetPayload<{ select: typeof CONNECTION }>;

/**
 * Asks TrueLayer what it holds of this consent, and takes its dates over. It reaches no bank and counts nowhere. The end is
 * never moved back, unless it was only assumed: right after a renewal TrueLayer may go on telling the old one for a while. On the way the tokens are
 * refreshed, so that those of a connection that nobody uses don't lapse.
 */
export async function readConsent(ctx: Context, { connectionId }: { connectionId: string }): Promise<void> {
  requireSystem(ctx.actor);
  const row = await ctx.db.connection.findUnique({ where: { id: connectionId }, select: CONNECTION });
  if (row === null || !allowsUnattended(statusAt(row, null, ctx.clock.now()))) return;
  const gate = createCallGate(ctx, { connectionId, bankId: row.bankId });
  try {
    const { accessToken } = await getAccessToken(ctx, connectionId, { gate });
    const { items } = await trueLayer().getMe({ accessToken, gate });
    await takeOver(ctx, row, items[0]);
  } catch (error) {
    // The grant is dead, which is on record by now: there is nothing to try again.
    if (!(error instanceof GrantRefusedError)) throw error;
  }
}

/** From the row as it is now: a renewal, a stop or an erasure may have come while TrueLayer was asked. */
async function takeOver(ctx: Context, read: Row, me: Me): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await tx.db.$queryRaw`select id from connections where id = ${read.id}::uuid for update`;
    const row = await tx.db.connection.findUnique({ where: { id: read.id }, select: CONNECTION });
    if (row === null || row.endedAt !== null || row.revokingSince !== null) return;
    if (row.credentialsId !== read.credentialsId) return;
    if (row.credentialsId !== null && me.credentialsId !== row.credentialsId) {
      tx.log.error({ event: 'consent.other_identity', connectionId: row.id }, 'a token speaks for another connection');
      return;
    }
    await storeConsent(tx, row, me);
  });
}

async function storeConsent(ctx: Context, row: Row, me: Me): Promise<void> {
  const consentExpiresAt = endOf(row, me);
  const isLater =
    consentExpiresAt !== null && (row.consentExpiresAt === null || consentExpiresAt > row.consentExpiresAt);
  await settleStatus(ctx, row.id, {
    facts: { consentExpiresAt, ...(isLater ? { endPendingSince: null } : {}) },
    data: {
      credentialsId: me.credentialsId,
      ...(me.consentStatus === null ? {} : { consentStatus: me.consentStatus }),
      ...(me.consentCreatedAt === null ? {} : { consentCreatedAt: me.consentCreatedAt }),
      ...(me.consentExpiresAt === null ? {} : { consentCheckedAt: ctx.clock.now() }),
    },
    reason: 'consent_read',
  });
  if (consentExpiresAt?.getTime() === row.consentExpiresAt?.getTime()) return;
  await recordAudit(ctx, {
    action: 'consent.end_changed',
    subject: { kind: 'connection', id: row.id },
    connectionId: row.id,
    personId: row.userId,
    before: { consentExpiresAt: row.consentExpiresAt?.toISOString() ?? null },
    after: { consentExpiresAt: consentExpiresAt?.toISOString() ?? null },
    reason: 'consent_read',
  });
}

/** What we only assumed gives way to whatever TrueLayer says; what it once said is moved forward only. */
function endOf({ consentExpiresAt: held, consentCheckedAt }: Row, { consentExpiresAt: told }: Me): Date | null {
  if (told === null || held === null || consentCheckedAt === null) return told ?? held;
  return told > held ? told : held;
}
