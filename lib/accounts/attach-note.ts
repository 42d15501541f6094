import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { VISIBLE } from '#lib/db/visible-transaction';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { combineWords, MAX_NOTE_LENGTH } from './combine-words.ts';
import { findSubject } from './edit-transaction.ts';
import { WORDS } from './edit-words.ts';
import { getUnattached, lockOwnAccount } from './own-note.ts';
import { withUndo } from './with-undo.ts';

export const AttachNoteInput = z.object({ accountId: z.string(), noteId: z.string(), transactionId: z.string() });
export type AttachNoteInput = z.infer<typeof AttachNoteInput>;

/**
 * Attaches a note (and the corrections with it) to a transaction of the account as it is shown. What is written there already stays: both
 * notes are kept.
 * @throws {NotFoundError} {AppError} conflict `note_too_long`
 */
export async function attachNote(ctx: Context, input: AttachNoteInput): Promise<{ undoId: string }> {
  requirePerson(ctx.actor);
  const { accountId, noteId, transactionId } = AttachNoteInput.parse(input);
  return inTransaction(ctx, async (tx) => {
    const { userId, connectionId, groupIds } = await lockOwnAccount(tx, accountId);
    const note = await getUnattached(tx, accountId, noteId);
    const target = await findSubject(tx, transactionId, VISIBLE);
    if (target === null || !groupIds.includes(target.accountId)) throw new NotFoundError('transaction');
    const now = tx.clock.now();
    const places = [transactionId, ...(note.transactionId === null ? [] : [note.transactionId])];
    const scope = { editIds: [noteId], transactionIds: places };
    const undoId = await withUndo(tx, { accountId, userId, scope, now }, async () => {
      const { accountId: ofRow, transactionId: booked, pendingId } = target;
      if (target.editId === null) {
        const place = { accountId: ofRow, transactionId: booked, pendingId };
        const data = { ...place, isDetached: false, rival: null, changedAt: now };
        await tx.db.transactionEdit.update({ where: { id: noteId }, data, select: { id: true } });
        return;
      }
      const kept = await tx.db.transactionEdit.findUniqueOrThrow({ where: { id: target.editId }, select: WORDS });
      const { words } = combineWords(kept, note.words);
      if ((words.note?.length ?? 0) > MAX_NOTE_LENGTH) throw new AppError('conflict', 'note_too_long');
      await tx.db.transactionEdit.delete({ where: { id: noteId }, select: { id: true } });
      const data = { ...words, changedAt: now };
      await tx.db.transactionEdit.update({ where: { id: target.editId }, data, select: { id: true } });
    });
    await recordAudit(tx, {
      action: 'note.attached',
      subject: { kind: 'transaction', id: transactionId },
      connectionId,
      personId: userId,
      after: { noteId },
    });
    await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    return { undoId };
  });
}
