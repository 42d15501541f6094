import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { eraseTransactions } from './erase-bank-data.ts';

/**
 * Removes somebody who leaves, once none of their banks is being stopped any more. What stays are audit entries, which name
 * a number that nobody can look up. True when they are gone.
 */
export async function finishLeaving(ctx: Context, userId: string): Promise<boolean> {
  const where = { id: userId, leavingAt: { not: null } } as const;
  const ended = await ctx.db.connection.findMany({
    where: { user: where, endedAt: { not: null } },
    select: { id: true },
  });
  for (const { id } of ended) await eraseTransactions(ctx, id);
  return inTransaction(ctx, async (tx) => {
    await tx.db.$queryRaw`select id from users where id = ${userId}::uuid for update`;
    const user = await tx.db.user.findUnique({ where: { id: userId }, select: { leavingAt: true } });
    if (user === null) return true;
    const open = await tx.db.connection.count({ where: { userId, endedAt: null } });
    if (user.leavingAt === null || open > 0) return false;
    const connections = await tx.db.connection.findMany({ where: { userId }, select: { id: true } });
    await tx.db.truelayerCall.deleteMany({ where: { connectionId: { in: connections.map(({ id }) => id) } } });
    await recordAudit(tx, { action: 'person.left', subject: { kind: 'person', id: userId }, personId: userId });
    await tx.db.user.delete({ where: { id: userId }, select: { id: true } });
    return true;
  });
}

const BATCH = 100;

/** Those who leave and have no bank left to be stopped: nothing else would come back for them. */
export async function sweepLeaving(ctx: Context): Promise<number> {
  requireSystem(ctx.actor);
  const rows = await ctx.db.user.findMany({
    where: { leavingAt: { not: null }, connections: { none: { endedAt: null } } },
    select: { id: true },
    take: BATCH,
  });
  for (const { id } of rows) await finishLeaving(ctx, id);
  return rows.length;
}
