import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { getUnattached, lockOwnAccount } from './own-note.ts';
import { withUndo } from './with-undo.ts';

/**
 * Deletes a note that has no transaction, and the corrections with it.
 * @throws {NotFoundError}
 */
export async function deleteNote(
  ctx: Context,
  { accountId, noteId }: { accountId: string; noteId: string },
): Promise<{ undoId: string }> {
  requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    const { userId, connectionId } = await lockOwnAccount(tx, accountId);
    await getUnattached(tx, accountId, noteId);
    const change = { accountId, userId, scope: { editIds: [noteId], transactionIds: [] }, now: tx.clock.now() };
    const undoId = await withUndo(tx, change, async () => {
      await tx.db.transactionEdit.delete({ where: { id: noteId }, select: { id: true } });
    });
    await recordAudit(tx, {
      action: 'note.deleted',
      subject: { kind: 'account', id: accountId },
      connectionId,
      personId: userId,
      after: { noteId },
    });
    return { undoId };
  });
}
