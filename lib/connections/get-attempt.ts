import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import type { AttemptPurpose } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { type Progress, readProgress } from './attempt-progress.ts';
import { isUuid } from './internal.ts';

/** What the landing page lives through. Each is a step with words of its own. */
export type AttemptStage = 'waiting' | 'parked' | 'finishing' | 'linked' | 'cancelled' | 'failed' | 'expired';

export type AttemptProgress = {
  id: string;
  reference: string;
  /** A first connection, or what is to become of one that is there. */
  purpose: AttemptPurpose;
  bankId: string | null;
  bankName: string | null;
  stage: AttemptStage;
  outcomeCode: string | null;
  connectionId: string | null;
  isAppReturn: boolean;
  /** What was asked for and the person or the bank didn't give. */
  missingPermissions: string[];
  /** What was agreed to and not asked for, because TrueLayer refuses it. */
  refusedPermissions: string[];
  /** It was a login that was linked here before: which took over the accounts, or shares some of them. */
  sameLogin: 'took_over' | 'shares_some' | null;
} & Progress;

/**
 * How far a trip has come. Only reads, so that a reload is harmless.
 * @throws {NotFoundError}
 */
export async function getAttempt(ctx: Context, attemptId: string): Promise<AttemptProgress> {
  const person = requirePerson(ctx.actor);
  if (!isUuid(attemptId)) throw new NotFoundError('attempt');
  const row = await ctx.db.attempt.findFirst({
    where: { id: attemptId, userId: person.userId },
    select: {
      id: true,
      reference: true,
      bankId: true,
      purpose: true,
      status: true,
      outcomeCode: true,
      connectionId: true,
      isAppReturn: true,
      permissions: true,
      refusedPermissions: true,
      codeSealed: true,
      expiresAt: true,
      receipt: { select: { bankName: true } },
      connection: {
        select: {
          bankName: true,
          maybeSameAsId: true,
          permissions: { select: { permission: true } },
          replaced: { select: { id: true }, take: 1 },
        },
      },
    },
  });
  if (row === null) throw new NotFoundError('attempt');
  const granted = row.connection?.permissions.map(({ permission }) => permission);
  const asked = row.permissions.filter((permission) => !row.refusedPermissions.includes(permission));
  return {
    id: row.id,
    reference: row.reference,
    bankId: row.bankId,
    purpose: row.purpose,
    bankName: row.connection?.bankName ?? row.receipt?.bankName ?? null,
    stage: stageOf(row, ctx.clock.now()),
    outcomeCode: row.outcomeCode,
    connectionId: row.connectionId,
    isAppReturn: row.isAppReturn,
    missingPermissions: granted === undefined ? [] : asked.filter((permission) => !granted.includes(permission)),
    refusedPermissions: row.refusedPermissions,
    sameLogin: sameLoginOf(row.connection),
    ...(await readProgress(ctx, row.connectionId, granted ?? asked)),
  };
}

function sameLoginOf(
  connection: { maybeSameAsId: string | null; replaced: unknown[] } | null,
): AttemptProgress['sameLogin'] {
  if (connection === null) return null;
  if (connection.replaced.length > 0) return 'took_over';
  return connection.maybeSameAsId === null ? null : 'shares_some';
}

type StageRow = { status: string; codeSealed: Uint8Array | null; expiresAt: Date };

function stageOf(row: StageRow, now: Date): AttemptStage {
  switch (row.status) {
    case 'linked':
    case 'cancelled':
    case 'failed':
    case 'expired':
      return row.status;
    case 'claimed':
      return 'finishing';
    default:
      if (row.codeSealed !== null) return 'parked';
      return row.expiresAt <= now ? 'expired' : 'waiting';
  }
}

/** The connection that an attempt of this person's led to, if it has. */
export async function findLinkedConnection(ctx: Context, attemptId: string): Promise<string | null> {
  const person = requirePerson(ctx.actor);
  if (!isUuid(attemptId)) return null;
  const row = await ctx.db.attempt.findFirst({
    where: { id: attemptId, userId: person.userId, status: 'linked' },
    select: { connectionId: true },
  });
  return row?.connectionId ?? null;
}
