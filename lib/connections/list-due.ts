import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import { STATUS_FACTS, toStatusFacts } from './settle-status.ts';
import { type ConnectionStatus, decideStatus, isEndPending, RECONFIRM_DAYS } from './status.ts';

/** A consent that ends soon, or has ended not long ago, and that nobody has seen to yet. */
export type DueConsent = {
  connectionId: string;
  bankId: string;
  bankName: string;
  until: Date;
  status: ConnectionStatus;
};

/** Afterwards it is said under Connections, and not on every page any more. */
const SAID_AFTERWARDS_DAYS = 14;

/** What the person should be told of on every page, the first to end first. */
export async function listDue(ctx: Context): Promise<DueConsent[]> {
  const { userId } = requirePerson(ctx.actor);
  const now = ctx.clock.now();
  const rows = await ctx.db.connection.findMany({
    where: {
      userId,
      endedAt: null,
      revokingSince: null,
      consentExpiresAt: {
        gt: addMs(now, -SAID_AFTERWARDS_DAYS * DAY_MS),
        lte: addMs(now, (RECONFIRM_DAYS + 1) * DAY_MS),
      },
      // A renewal that waits for its first fetch is as good as done; one with a question isn't.
      tokens: { none: { role: 'incoming', questionedAt: null } },
    },
    select: { ...STATUS_FACTS, id: true, bankId: true, bankName: true },
    orderBy: { consentExpiresAt: 'asc' },
  });
  return rows.flatMap((row) => {
    const { consentExpiresAt } = row;
    if (consentExpiresAt === null || isEndPending(row, now)) return [];
    const status = decideStatus(toStatusFacts(row), now);
    return [{ connectionId: row.id, bankId: row.bankId, bankName: row.bankName, until: consentExpiresAt, status }];
  });
}
