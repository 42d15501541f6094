import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { VISIBLE } from '#lib/db/visible-transaction';
import { NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { findSubject } from './edit-transaction.ts';
import { lockOwnAccount } from './own-note.ts';
import { withUndo } from './with-undo.ts';

/**
 * Takes a note (and the corrections with it) off a transaction that it isn't about. It then waits for the user to attach it, and
 * no sync does.
 * @throws {NotFoundError} also when nothing is written on the transaction
 */
export async function detachNote(
  ctx: Context,
  { accountId, transactionId }: { accountId: string; transactionId: string },
): Promise<{ undoId: string; noteId: string }> {
  requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    const { userId, connectionId, groupIds } = await lockOwnAccount(tx, accountId);
    const subject = await findSubject(tx, transactionId, VISIBLE);
    if (subject === null || !groupIds.includes(subject.accountId)) throw new NotFoundError('transaction');
    const noteId = subject.editId;
    if (noteId === null) throw new NotFoundError('note');
    const now = tx.clock.now();
    const scope = { editIds: [noteId], transactionIds: [transactionId] };
    const undoId = await withUndo(tx, { accountId, userId, scope, now }, async () => {
      const data = { ...subject.snapshot, transactionId: null, pendingId: null, isDetached: true, changedAt: now };
      await tx.db.transactionEdit.update({ where: { id: noteId }, data, select: { id: true } });
    });
    await recordAudit(tx, {
      action: 'note.detached',
      subject: { kind: 'transaction', id: transactionId },
      connectionId,
      personId: userId,
      after: { noteId },
    });
    await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    return { undoId, noteId };
  });
}
