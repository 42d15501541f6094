import 'server-only';
import { z } from 'zod';
import { requireAdmin } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { STATUS_FACTS, toStatusFacts } from '#lib/connections/settle-status';
import { type ConnectionStatus, decideStatus } from '#lib/connections/status';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { parseConnectionId } from './connection-id.ts';

export const Reason = z.string().trim().min(10).max(500);

export type ActionInput = { connectionId: string; reason: string };

export type ActedOn = { id: string; userId: string; status: ConnectionStatus; isPerEndpoint: boolean };

type Action = {
  /** As the audit names it. */
  name: string;
  /** Refuses by throwing; writes and asks in the same transaction as the audit. */
  work: (tx: Context, connection: ActedOn) => Promise<void>;
};

/**
 * What the team does to a connection, it does for a reason, and both are on record together or not at all.
 * @throws {NotFoundError} {AppError} invalid `reason_too_short`; whatever the work refuses with
 */
export async function actOnConnection(ctx: Context, input: ActionInput, action: Action): Promise<void> {
  requireAdmin(ctx.actor);
  const id = parseConnectionId(input.connectionId);
  const reason = parseReason(input.reason);
  await inTransaction(ctx, async (tx) => {
    const connection = await lockConnection(tx, id);
    await action.work(tx, connection);
    await recordAudit(tx, {
      action: action.name,
      subject: { kind: 'connection', id },
      connectionId: id,
      personId: connection.userId,
      before: { status: connection.status },
      typedReason: reason,
    });
  });
}

export function parseReason(text: string): string {
  const parsed = Reason.safeParse(text);
  if (!parsed.success) throw new AppError('invalid', text.trim().length > 500 ? 'reason_too_long' : 'reason_too_short');
  return parsed.data;
}

async function lockConnection(tx: Context, id: string): Promise<ActedOn> {
  await tx.db.$queryRaw`select id from connections where id = ${id}::uuid for update`;
  const row = await tx.db.connection.findUnique({
    where: { id },
    select: { ...STATUS_FACTS, userId: true, bank: { select: { limitsPerEndpoint: true } } },
  });
  if (row === null) throw new NotFoundError('connection');
  const { userId, bank, ...facts } = row;
  const status = decideStatus(toStatusFacts(facts), tx.clock.now());
  return { id, userId, status, isPerEndpoint: bank.limitsPerEndpoint };
}
