import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { combineWords } from './combine-words.ts';
import { WORDS } from './edit-words.ts';

export type WordMove = { from: string; to: string };

/**
 * What the user wrote on one booked row goes to another that stands for the same transaction, and so do the user's joins. Where
 * both have words, both are kept. In the caller's transaction, before the first row is deleted.
 */
export async function moveWords(ctx: Context, moves: readonly WordMove[]): Promise<void> {
  if (moves.length === 0) return;
  const froms = moves.map(({ from }) => from);
  const tos = moves.map(({ to }) => to);
  await ctx.db.$executeRaw`
    update transaction_edits e set transaction_id = m.target, account_id = t.account_id
    from unnest(${froms}::uuid[], ${tos}::uuid[]) as m (source, target) join transactions t on t.id = m.target
    where e.transaction_id = m.source
      and not exists (select from transaction_edits x where x.transaction_id = m.target)`;
  const left = await ctx.db.transactionEdit.findMany({
    where: { transactionId: { in: froms } },
    select: { id: true, transactionId: true, ...WORDS },
  });
  const targets = new Map(moves.map(({ from, to }) => [from, to]));
  for (const { id, transactionId, ...extra } of left) {
    const target = targets.get(transactionId ?? '') ?? null;
    if (target === null) continue;
    const where = { transactionId: target };
    const kept = await ctx.db.transactionEdit.findUniqueOrThrow({ where, select: WORDS });
    const { words } = combineWords(kept, extra);
    await ctx.db.transactionEdit.delete({ where: { id }, select: { id: true } });
    await ctx.db.transactionEdit.update({
      where,
      data: { ...words, changedAt: ctx.clock.now() },
      select: { id: true },
    });
  }
}

/**
 * The user's joins follow rows that make way for others. A join is dropped where the other row is joined already: two rows that
 * hide each other would both be lost to the user.
 */
export async function moveJoins(ctx: Context, moves: readonly WordMove[]): Promise<void> {
  if (moves.length === 0) return;
  const targets = new Map(moves.map(({ from, to }) => [from, to]));
  const froms = [...targets.keys()];
  const involves = (ids: string[]) => ({ OR: [{ hiddenId: { in: ids } }, { shownId: { in: ids } }] });
  const joins = await ctx.db.transactionJoin.findMany({ where: involves(froms) });
  if (joins.length === 0) return;
  await ctx.db.transactionJoin.deleteMany({ where: involves(froms) });
  const moved = joins.map((join) => ({
    ...join,
    hiddenId: targets.get(join.hiddenId) ?? join.hiddenId,
    shownId: targets.get(join.shownId) ?? join.shownId,
  }));
  const ends = [...new Set(moved.flatMap(({ hiddenId, shownId }) => [hiddenId, shownId]))];
  const others = await ctx.db.transactionJoin.findMany({
    where: involves(ends),
    select: { hiddenId: true, shownId: true },
  });
  const joined = new Set(others.flatMap(({ hiddenId, shownId }) => [hiddenId, shownId]));
  for (const { hiddenId, shownId, joinedAt, addedWords } of moved) {
    if (hiddenId === shownId || joined.has(hiddenId) || joined.has(shownId)) continue;
    const { accountId } = await ctx.db.transaction.findUniqueOrThrow({
      where: { id: shownId },
      select: { accountId: true },
    });
    const data = { hiddenId, shownId, accountId, joinedAt, addedWords: addedWords ?? Prisma.DbNull };
    await ctx.db.transactionJoin.createMany({ data, skipDuplicates: true });
  }
}
