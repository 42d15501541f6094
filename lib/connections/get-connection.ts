import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { CONNECTION, type ConnectionSummary, toConnectionSummary } from './dto.ts';
import { listFaults, NO_FAULTS } from './faults/list-faults.ts';
import { loadConnection } from './internal.ts';

export type ConnectionDetail = ConnectionSummary & {
  /** When TrueLayer last told us what it holds. */
  checkedAt: Date | null;
  erasedAt: Date | null;
  erasesOnStop: boolean;
  /** Somebody else seems to have signed in at the bank: the person is asked what that was. */
  hasQuestion: boolean;
  /** A renewal's tokens have come and haven't fetched yet. */
  isRenewing: boolean;
  isRenewable: boolean;
};

/**
 * One connection of the person's, with all that they may know of it.
 * @throws {NotFoundError}
 */
export async function getConnection(ctx: Context, connectionId: string): Promise<ConnectionDetail> {
  requirePerson(ctx.actor);
  const load = loadConnection(ctx, connectionId, {
    ...CONNECTION,
    consentCheckedAt: true,
    erasedAt: true,
    erasesOnStop: true,
    tokens: { where: { role: 'incoming' }, select: { questionedAt: true } },
  });
  const [row, faults] = await Promise.all([load, listFaults(ctx, { connectionId })]);
  const now = ctx.clock.now();
  const summary = toConnectionSummary(row, faults.get(row.id) ?? NO_FAULTS, now);
  const incoming = row.tokens[0];
  return {
    ...summary,
    checkedAt: row.consentCheckedAt,
    erasedAt: row.erasedAt,
    erasesOnStop: row.erasesOnStop,
    hasQuestion: incoming !== undefined && incoming.questionedAt !== null,
    isRenewing: incoming !== undefined && incoming.questionedAt === null,
    isRenewable: isRenewable(summary),
  };
}

/** Whether going on can be asked for: not when it is over, nor while it is being stopped. */
export function isRenewable({ status }: Pick<ConnectionSummary, 'status'>): boolean {
  return status !== 'revoked' && status !== 'failed' && status !== 'revoking';
}
