import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { parseConnectionId } from './connection-id.ts';

/** One request that was put on the wire to TrueLayer, as the ledger has it. */
export type CallLine = {
  id: string;
  at: Date;
  endpoint: string;
  attemptNumber: number;
  isAttended: boolean;
  isCounted: boolean;
  /** Null while no answer has come. */
  httpStatus: number | null;
  code: string | null;
  durationMs: number | null;
  correlationId: string;
  trueLayerCorrelationId: string | null;
};

const CALL = {
  id: true,
  startedAt: true,
  endpoint: true,
  attemptNumber: true,
  isAttended: true,
  isCounted: true,
  httpStatus: true,
  code: true,
  durationMs: true,
  correlationId: true,
  truelayerCorrelationId: true,
} satisfies Prisma.TruelayerCallSelect;

/** The last calls of a connection, newest first. */
export async function listCalls(ctx: Context, input: { connectionId: string; limit: number }): Promise<CallLine[]> {
  requireAdmin(ctx.actor);
  const rows = await ctx.db.truelayerCall.findMany({
    where: { connectionId: parseConnectionId(input.connectionId) },
    select: CALL,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: input.limit,
  });
  return rows.map(({ startedAt, truelayerCorrelationId, ...row }) => ({
    id: row.id,
    at: startedAt,
    endpoint: row.endpoint,
    attemptNumber: row.attemptNumber,
    isAttended: row.isAttended,
    isCounted: row.isCounted,
    httpStatus: row.httpStatus,
    code: row.code,
    durationMs: row.durationMs,
    correlationId: row.correlationId,
    trueLayerCorrelationId: truelayerCorrelationId,
  }));
}
