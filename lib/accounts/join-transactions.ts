import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { VISIBLE } from '#lib/db/visible-transaction';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { type AddedWords, combineWords, isWordless, MAX_NOTE_LENGTH } from './combine-words.ts';
import { SNAPSHOT } from './edit-snapshot.ts';
import { WORDS } from './edit-words.ts';
import { type JoinPair, listGroup } from './join-group.ts';
import { lockOwnAccount } from './own-note.ts';
import { withUndo } from './with-undo.ts';

export const JoinTransactionsInput = z.object({
  accountId: z.string(),
  /** The one that is shown from now on. */
  transactionId: z.string(),
  /** The same transaction again: another booked row, or one that the bank has removed. */
  otherId: z.string(),
});
export type JoinTransactionsInput = z.infer<typeof JoinTransactionsInput>;

/** More rows than this are not one purchase. */
const MAX_GROUP = 10;

/**
 * Makes two booked rows of an account one transaction: the other is not shown or counted while this one is there. Nothing is
 * deleted, the notes of both are kept, and {@link splitTransactions} parts them again at any time.
 * @throws {NotFoundError} {AppError} conflict `already_joined`, `too_many_joined`, `note_too_long`
 */
export async function joinTransactions(ctx: Context, input: JoinTransactionsInput): Promise<{ undoId: string }> {
  requirePerson(ctx.actor);
  const { accountId, transactionId, otherId } = JoinTransactionsInput.parse(input);
  return inTransaction(ctx, async (tx) => {
    const { userId, connectionId, groupIds } = await lockOwnAccount(tx, accountId);
    const ofRows = await requireRow(tx, { accountId: { in: groupIds }, id: transactionId, ...VISIBLE });
    // Rows of two accounts that are joined are shown once by what joins the accounts, and part with them.
    await requireRow(tx, { accountId: ofRows, id: otherId });
    const shown = await listGroup(tx, transactionId);
    const hidden = await listGroup(tx, otherId);
    if (shown.includes(otherId)) throw new AppError('conflict', 'already_joined');
    if (shown.length + hidden.length > MAX_GROUP) throw new AppError('conflict', 'too_many_joined');
    const now = tx.clock.now();
    const scope = { editIds: [], transactionIds: [...shown, ...hidden] };
    const undoId = await withUndo(tx, { accountId, userId, scope, now }, async () => {
      const added = await shareWords(tx, { from: otherId, to: transactionId, now });
      const pairs = hidden.flatMap((hiddenId) => shown.map((shownId): JoinPair => ({ hiddenId, shownId })));
      await tx.db.transactionJoin.createMany({
        data: pairs.map((pair) => ({
          ...pair,
          accountId: ofRows,
          joinedAt: now,
          addedWords: pair.hiddenId === otherId && pair.shownId === transactionId ? added : Prisma.DbNull,
        })),
      });
    });
    await recordAudit(tx, {
      action: 'transactions.joined',
      subject: { kind: 'transaction', id: transactionId },
      connectionId,
      personId: userId,
      after: { otherId },
    });
    await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    return { undoId };
  });
}

async function requireRow(ctx: Context, where: Prisma.TransactionWhereInput & { id: string }): Promise<string> {
  const row = isUuid(where.id) ? await ctx.db.transaction.findFirst({ where, select: { accountId: true } }) : null;
  if (row === null) throw new NotFoundError('transaction');
  return row.accountId;
}

type Sharing = { from: string; to: string; now: Date };

/** The row that stays gets the other's words too; the other keeps its own, for when the two are separated. */
async function shareWords(ctx: Context, { from, to, now }: Sharing): Promise<AddedWords> {
  const edit = (transactionId: string) =>
    ctx.db.transactionEdit.findUnique({
      where: { transactionId },
      select: { ...SNAPSHOT, ...WORDS, accountId: true },
    });
  const [extra, kept] = [await edit(from), await edit(to)];
  if (extra === null) return {};
  const { note, category, merchantName, isTransfer, ...rest } = extra;
  const own = kept ?? { note: null, category: null, merchantName: null, isTransfer: null };
  const { words, added } = combineWords(
    { note: own.note, category: own.category, merchantName: own.merchantName, isTransfer: own.isTransfer },
    { note, category, merchantName, isTransfer },
  );
  if ((words.note?.length ?? 0) > MAX_NOTE_LENGTH) throw new AppError('conflict', 'note_too_long');
  if (isWordless(words)) return {};
  const id = kept?.id ?? uuidv7();
  await ctx.db.transactionEdit.upsert({
    where: { id },
    create: { ...rest, id, transactionId: to, ...words, createdAt: now, changedAt: now },
    update: { ...words, changedAt: now },
    select: { id: true },
  });
  return added;
}
