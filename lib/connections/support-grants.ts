import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { loadConnection, ownedBy } from './internal.ts';

/** Leave for one of the team to see a connection's transactions for a while. */
export type SupportGrantLine = {
  id: string;
  adminId: string;
  reason: string;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
};

const GRANT = { id: true, adminId: true, reason: true, createdAt: true, expiresAt: true, lastUsedAt: true } as const;

/**
 * The grants that hold now: the person sees those on their own connection, and the team on any.
 * @throws {NotFoundError}
 */
export async function listSupportGrants(ctx: Context, connectionId: string): Promise<SupportGrantLine[]> {
  requirePerson(ctx.actor);
  const { id } = await loadConnection(ctx, connectionId, { id: true });
  return ctx.db.supportGrant.findMany({
    where: { connectionId: id, endedAt: null, expiresAt: { gt: ctx.clock.now() } },
    select: GRANT,
    orderBy: { createdAt: 'desc' },
  });
}

/**
 * The person takes the leave back, or one of the team gives it up: from the commit on nothing is shown any more.
 * @throws {NotFoundError} {AppError} conflict `grant_over`
 */
export async function endSupportGrant(ctx: Context, input: { grantId: string }): Promise<void> {
  requirePerson(ctx.actor);
  await inTransaction(ctx, async (tx) => {
    const where = { id: input.grantId, connection: ownedBy(tx.actor) };
    const isId = z.guid().safeParse(input.grantId).success;
    const grant = isId
      ? await tx.db.supportGrant.findFirst({ where, select: { id: true, connectionId: true, userId: true } })
      : null;
    if (grant === null) throw new NotFoundError('support_grant');
    const now = tx.clock.now();
    const { count } = await tx.db.supportGrant.updateMany({
      where: { id: grant.id, endedAt: null, expiresAt: { gt: now } },
      data: { endedAt: now },
    });
    if (count === 0) throw new AppError('conflict', 'grant_over');
    await recordAudit(tx, {
      action: 'support_grant.ended',
      subject: { kind: 'support_grant', id: grant.id },
      connectionId: grant.connectionId,
      personId: grant.userId,
    });
  });
}
