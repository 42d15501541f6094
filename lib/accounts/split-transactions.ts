import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { type AddedWords, isWordless, takeAddedAway } from './combine-words.ts';
import { WORDS } from './edit-words.ts';
import { listGroup } from './join-group.ts';
import { lockOwnAccount } from './own-note.ts';
import { withUndo } from './with-undo.ts';

export type SplitTransactionsInput = { accountId: string; transactionId: string; otherId: string };

/**
 * Parts a transaction that the user joined to another: each is shown and counted again, with its own words. What the join added to
 * the other's words is taken away where it still stands as it was added.
 * @throws {NotFoundError} also when the two are not joined
 */
export async function splitTransactions(ctx: Context, input: SplitTransactionsInput): Promise<{ undoId: string }> {
  requirePerson(ctx.actor);
  const { accountId, transactionId, otherId } = input;
  return inTransaction(ctx, async (tx) => {
    const { userId, connectionId, groupIds } = await lockOwnAccount(tx, accountId);
    if (!isUuid(transactionId) || !isUuid(otherId)) throw new NotFoundError('join');
    const group = await listGroup(tx, transactionId);
    const joins = await tx.db.transactionJoin.findMany({
      where: { accountId: { in: groupIds }, OR: [{ hiddenId: otherId }, { shownId: otherId }] },
      select: { hiddenId: true, shownId: true, addedWords: true },
    });
    if (otherId === transactionId || !group.includes(otherId) || joins.length === 0) throw new NotFoundError('join');
    const now = tx.clock.now();
    const scope = { editIds: [], transactionIds: group };
    const undoId = await withUndo(tx, { accountId, userId, scope, now }, async () => {
      for (const { hiddenId, shownId, addedWords } of joins) {
        if (addedWords === null) continue;
        const hasOwn = await tx.db.transactionEdit.count({ where: { transactionId: hiddenId } });
        // Words that moved on with the transaction have no other place any more.
        if (hasOwn > 0) await takeBack(tx, { transactionId: shownId, added: toAddedWords(addedWords), now });
      }
      const where = { accountId: { in: groupIds }, OR: [{ hiddenId: otherId }, { shownId: otherId }] };
      await tx.db.transactionJoin.deleteMany({ where });
    });
    await recordAudit(tx, {
      action: 'transactions.separated',
      subject: { kind: 'transaction', id: transactionId },
      connectionId,
      personId: userId,
      after: { otherId },
    });
    await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    return { undoId };
  });
}

function toAddedWords(stored: unknown): AddedWords {
  // Only a join writes this column, and only with such words.
  return stored as AddedWords;
}

type TakingBack = { transactionId: string; added: AddedWords; now: Date };

async function takeBack(ctx: Context, { transactionId, added, now }: TakingBack): Promise<void> {
  const where = { transactionId };
  const words = await ctx.db.transactionEdit.findUnique({ where, select: WORDS });
  if (words === null) return;
  const left = takeAddedAway(words, added);
  if (isWordless(left)) await ctx.db.transactionEdit.delete({ where, select: { id: true } });
  else await ctx.db.transactionEdit.update({ where, data: { ...left, changedAt: now }, select: { id: true } });
}
