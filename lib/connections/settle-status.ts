import 'server-only';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { allowsUnattended, type ConnectionStatus, decideStatus, type StatusFacts } from './status.ts';

/** The columns that a status is decided from. */
export const STATUS_FACTS = {
  status: true,
  endedAt: true,
  revokingSince: true,
  consentExpiresAt: true,
  endPendingSince: true,
  grantRefusedAt: true,
  firstDataAt: true,
  lastSyncedAt: true,
  failures: true,
} satisfies Prisma.ConnectionSelect;

type StatusRow = Prisma.ConnectionGetPayload<{ select: typeof STATUS_FACTS }>;

export function toStatusFacts(row: StatusRow): StatusFacts {
  const { status, ...facts } = row;
  return { ...facts, hasFailed: status === 'failed' };
}

export type StatusChange = {
  /** Facts that are new. */
  facts?: Partial<StatusFacts>;
  /** Whatever else changes with them. */
  data?: Omit<Prisma.ConnectionUncheckedUpdateInput, 'status' | 'statusReason' | 'statusChangedAt' | keyof StatusFacts>;
  /** Why, for the audit: a code, not a sentence. */
  reason: string;
};

/**
 * The one place that writes a status: takes the row's lock, adds what is new, decides, and audits if the status moved. Two
 * who decide at once take turns. Only inside a transaction.
 * @throws {NotFoundError}
 */
export async function settleStatus(
  ctx: Context,
  connectionId: string,
  change: StatusChange,
): Promise<ConnectionStatus> {
  if (!ctx.isInTransaction) throw new Error('settleStatus outside a transaction');
  await ctx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
  const before = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { ...STATUS_FACTS, userId: true },
  });
  if (before === null) throw new NotFoundError('connection');

  const { userId, ...row } = before;
  const { hasFailed, ...facts } = { ...toStatusFacts(row), ...change.facts };
  const status = decideStatus({ ...facts, hasFailed }, ctx.clock.now());
  const hasMoved = status !== before.status;
  await ctx.db.connection.update({
    where: { id: connectionId },
    data: {
      ...change.data,
      ...facts,
      ...(hasMoved ? { status, statusReason: change.reason, statusChangedAt: ctx.clock.now() } : {}),
      ...(allowsUnattended(status) ? {} : { nextSyncAt: null }),
      ...(touchesConsent(change) ? { nextReminderAt: ctx.clock.now() } : {}),
    },
    select: { id: true },
  });
  if (hasMoved) {
    await recordAudit(ctx, {
      action: 'connection.status_changed',
      subject: { kind: 'connection', id: connectionId },
      connectionId,
      personId: userId,
      before: { status: before.status },
      after: { status },
      reason: change.reason,
    });
  }
  return status;
}

/** Whatever was planned to remind of may be handled, or due on another day. */
function touchesConsent({ facts = {} }: StatusChange): boolean {
  return (['consentExpiresAt', 'endPendingSince', 'revokingSince', 'endedAt'] as const).some((fact) => fact in facts);
}
