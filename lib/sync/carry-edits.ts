import 'server-only';
import { moveJoins, moveWords } from '#lib/accounts/move-words';
import type { Context } from '#lib/context/context';
import { loadReplayedRows } from './matching/load-stored.ts';
import { matchTransactions } from './matching/match-transactions.ts';

/**
 * Rules that move a row over the seam between two answers make it go here and come there. What the user wrote on the one goes
 * to the other, where they are the same transaction. In the transaction of a replay, which holds the snapshot.
 */
export async function carryEdits(ctx: Context, accountId: string): Promise<void> {
  const { gone, added } = await loadReplayedRows(ctx, accountId);
  if (gone.length === 0) return;
  const pairs = matchTransactions(
    gone,
    added.map(({ id, ...facts }) => ({ ...facts, key: id })),
    new Set(),
  );
  const moves = [...pairs].map(([to, from]) => ({ from, to }));
  await moveWords(ctx, moves);
  await moveJoins(ctx, moves);
}
