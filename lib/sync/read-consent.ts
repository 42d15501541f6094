import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { confirmRenewedConsent } from '#lib/connections/confirm-consent';
import { findRenewal } from '#lib/connections/renewal';
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
  if (row === null || !mayAsk(row, ctx.clock.now())) return;
  // A renewal that waits for its first fetch brings its own consent.
  if ((await findRenewal(ctx, connectionId)) !== null) return;
  const where = { id: connectionId };
  await ctx.db.connection.update({ where, data: { consentAskedAt: ctx.clock.now() }, select: { id: true } });
  const gate = createCallGate(ctx, { connectionId, bankId: row.bankId });
  try {
    const { accessToken } = await getAccessToken(ctx, connectionId, { gate });
    const {
      items: [me],
    } = await trueLayer().getMe({ accessToken, gate });
    const passed = passedEnd(row, me, ctx.clock.now());
    // TrueLayer refuses to issue a token after the end of a consent: one that it issues proves that this end is out of date.
    if (passed !== null) await getAccessToken(ctx, connectionId, { gate, issuedAfter: passed });
    await takeOver(ctx, row, me);
  } catch (error) {
    // The grant is dead, which is on record by now: there is nothing to try again.
    if (!(error instanceof GrantRefusedError)) throw error;
  }
}

/** While jobs may call; and after the end of a consent that was renewed, to learn its new end. */
function mayAsk(row: Row, now: Date): boolean {
  const status = statusAt(row, null, now);
  return (
    allowsUnattended(status) || (status === 'expired' && row.endPendingSince !== null && row.grantRefusedAt === null)
  );
}

/** The end that counts, if it has passed. */
function passedEnd({ consentExpiresAt: held, consentCheckedAt }: Row, { consentExpiresAt: told }: Me, now: Date) {
  const isTold = told !== null && (held === null || consentCheckedAt === null || told > held);
  const end = isTold ? told : held;
  return end !== null && end <= now ? end : null;
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
  const now = ctx.clock.now();
  const consentExpiresAt = endOf(row, me, now);
  const isLater =
    consentExpiresAt !== null && (row.consentExpiresAt === null || consentExpiresAt > row.consentExpiresAt);
  await settleStatus(ctx, row.id, {
    facts: { consentExpiresAt, ...(isLater ? { endPendingSince: null } : {}) },
    data: {
      credentialsId: me.credentialsId,
      ...(me.consentStatus === null ? {} : { consentStatus: me.consentStatus }),
      ...(me.consentCreatedAt === null ? {} : { consentCreatedAt: me.consentCreatedAt }),
      ...(consentExpiresAt === null || me.consentExpiresAt?.getTime() !== consentExpiresAt.getTime()
        ? {}
        : { consentCheckedAt: now }),
    },
    reason: 'consent_read',
  });
  if (consentExpiresAt?.getTime() === row.consentExpiresAt?.getTime()) {
    await confirmRenewedConsent(ctx, row.id, now);
    return;
  }
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

/**
 * What we only assumed gives way to whatever TrueLayer says; what it once said is moved forward only. An end that has passed is
 * out of date: TrueLayer has just issued a token.
 */
function endOf(
  { consentExpiresAt: held, consentCheckedAt }: Row,
  { consentExpiresAt: told }: Me,
  now: Date,
): Date | null {
  if (told === null || held === null) return told ?? held;
  if (consentCheckedAt === null) return told > now ? told : held;
  return told > held ? told : held;
}
