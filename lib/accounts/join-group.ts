import 'server-only';
import type { Context } from '#lib/context/context';

export type JoinPair = { hiddenId: string; shownId: string };

/** A transaction and all that are joined with it. Every two of a group are a pair, so that one step finds them all. */
export async function listGroup(ctx: Context, transactionId: string): Promise<string[]> {
  const pairs = await ctx.db.transactionJoin.findMany({
    where: { OR: [{ hiddenId: transactionId }, { shownId: transactionId }] },
    select: { hiddenId: true, shownId: true },
  });
  return [...new Set([transactionId, ...pairs.flatMap(({ hiddenId, shownId }) => [hiddenId, shownId])])];
}
