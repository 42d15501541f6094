import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { requireAdmin } from '#lib/actor/authorise';
import { parseReason } from '#lib/admin/connection/act';
import { parseConnectionId } from '#lib/admin/connection/connection-id';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { ask } from '#lib/queue/ask';
import { addMs, HOUR_MS } from '#lib/time/span';

export const GRANT_HOURS = [1, 4, 24] as const;

export type OpenGrantInput = { connectionId: string; hours: number; reason: string };

const PER_ADMIN: Limit = { name: 'support grants', times: 10, inSeconds: 3600 };

/**
 * One of the team takes leave to see one person's transactions: for themselves alone, for a reason and some hours. The person
 * is told by mail, sees it on their page while it lasts, and may end it.
 * @throws {NotFoundError} {AppError} invalid `hours_invalid`, `reason_too_short`; conflict `grant_open`; rate_limited
 */
export async function openSupportGrant(ctx: Context, input: OpenGrantInput): Promise<void> {
  const admin = requireAdmin(ctx.actor);
  const connectionId = parseConnectionId(input.connectionId);
  const hours = GRANT_HOURS.find((known) => known === input.hours);
  if (hours === undefined) throw new AppError('invalid', 'hours_invalid');
  const reason = parseReason(input.reason);
  await takeFromLimit(PER_ADMIN, admin.userId);
  await inTransaction(ctx, async (tx) => {
    const now = tx.clock.now();
    // The lock makes two pressings of the button take turns.
    await tx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
    const connection = await tx.db.connection.findUnique({ where: { id: connectionId }, select: { userId: true } });
    if (connection === null) throw new NotFoundError('connection');
    const holds = { connectionId, adminId: admin.userId, endedAt: null, expiresAt: { gt: now } };
    if ((await tx.db.supportGrant.count({ where: holds })) > 0) throw new AppError('conflict', 'grant_open');
    const grantId = uuidv7();
    const expiresAt = addMs(now, hours * HOUR_MS);
    await tx.db.supportGrant.create({
      data: {
        id: grantId,
        connectionId,
        userId: connection.userId,
        adminId: admin.userId,
        reason,
        createdAt: now,
        expiresAt,
      },
      select: { id: true },
    });
    await recordAudit(tx, {
      action: 'support_grant.opened',
      subject: { kind: 'support_grant', id: grantId },
      connectionId,
      personId: connection.userId,
      after: { hours, expiresAt: expiresAt.toISOString() },
      typedReason: reason,
    });
    await ask(tx, 'grant.tell', { grantId }, { key: grantId });
  });
}
