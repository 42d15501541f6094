import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { askMany } from '#lib/queue/ask';
import { dueGrants } from './retire-grants.ts';

const BATCH = 500;

/** Asks again for every stop, and for every grant that a newer one has taken over from, that hasn't come to its end: none depends on one job's luck. */
export async function sweepStops(ctx: Context): Promise<number> {
  requireSystem(ctx.actor);
  const rows = await ctx.db.connection.findMany({
    where: { status: 'revoking' },
    select: { id: true },
    orderBy: { revokingSince: 'asc' },
    take: BATCH,
  });
  await askMany(
    ctx,
    'connection.stop',
    rows.map(({ id }) => ({ payload: { connectionId: id }, key: id })),
  );
  return rows.length + (await sweepOutgoing(ctx));
}

async function sweepOutgoing(ctx: Context): Promise<number> {
  const rows = await ctx.db.connectionTokens.findMany({
    where: { ...dueGrants(ctx), connection: { status: { not: 'revoking' } } },
    select: { connectionId: true },
    distinct: ['connectionId'],
    take: BATCH,
  });
  await askMany(
    ctx,
    'grants.retire',
    rows.map(({ connectionId }) => ({ payload: { connectionId }, key: connectionId })),
  );
  return rows.length;
}
