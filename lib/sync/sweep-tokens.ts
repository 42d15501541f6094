import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { askMany } from '#lib/queue/ask';
import { addMs, DAY_MS } from '#lib/time/span';

/** Well inside the thirty days in which a refresh token has to be used, and often enough to hear of a consent's new end. */
const IDLE_MS = 7 * DAY_MS;
const BATCH = 1000;

/** Asks for a look at every connection whose tokens nobody has used for a week: they would lapse, and the consent with them. */
export async function sweepTokens(ctx: Context): Promise<number> {
  requireSystem(ctx.actor);
  const idleSince = addMs(ctx.clock.now(), -IDLE_MS);
  const rows = await ctx.db.connectionTokens.findMany({
    where: {
      role: 'current',
      refreshedAt: { lt: idleSince },
      refreshTokenSealed: { not: null },
      connection: { status: { in: ['pending', 'active', 'degraded', 'needs_reconfirmation'] } },
    },
    select: { connectionId: true },
    orderBy: { refreshedAt: 'asc' },
    take: BATCH,
  });
  await askMany(
    ctx,
    'consent.read',
    rows.map(({ connectionId }) => ({ payload: { connectionId }, key: connectionId })),
  );
  return rows.length;
}
