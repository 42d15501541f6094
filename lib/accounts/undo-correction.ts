import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { editTransaction } from './edit-transaction.ts';
import { lockOwnAccount } from './own-note.ts';
import { RowsBefore, restoreRows } from './with-undo.ts';
import { writeRule } from './write-rule.ts';

const ruleWords = z.object({ merchantName: z.string().nullable(), category: z.string().nullable() });

/** What stood there before a correction. `rule` only when the correction was one of merchants. */
export type CorrectionBefore = z.infer<typeof CorrectionBefore>;
const CorrectionBefore = z.object({
  transactionId: z.string(),
  edit: ruleWords.extend({ note: z.string().nullable(), isTransfer: z.boolean().nullable() }).nullable(),
  rule: z.object({ merchantKey: z.string(), words: ruleWords.nullable() }).nullable(),
});

const StepBefore = z.union([RowsBefore, CorrectionBefore]);

const NOTHING = { note: null, category: null, merchantName: null, isTransfer: null };

/**
 * Puts back what a correction, or a change of notes and joins, replaced. Once, and for a day.
 * @throws {NotFoundError} also when it is too late, and when it is another user's. {AppError} conflict `already_undone`,
 * `changed_since`
 */
export async function undoCorrection(
  ctx: Context,
  { undoId }: { undoId: string },
): Promise<{ accountId: string; transactionId: string | null }> {
  const person = requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    const where = { id: undoId, userId: person.userId };
    const select = { accountId: true, before: true, createdAt: true };
    const step = isUuid(undoId) ? await tx.db.undoStep.findFirst({ where, select }) : null;
    if (step === null) throw new NotFoundError('undo_step');
    const { accountId } = step;
    const { connectionId, userId } = await lockOwnAccount(tx, accountId);
    const { count } = await tx.db.undoStep.deleteMany({ where });
    if (count === 0) throw new AppError('conflict', 'already_undone');
    const before = StepBefore.parse(step.before);
    if ('kind' in before) {
      await restoreRows(tx, { before, changedAt: step.createdAt });
      await recordAudit(tx, {
        action: 'note_change.undone',
        subject: { kind: 'account', id: accountId },
        connectionId,
        personId: userId,
      });
    } else {
      const { transactionId, edit, rule } = before;
      if (rule !== null) await writeRule(tx, accountId, rule.merchantKey, rule.words);
      await editTransaction(tx, { transactionId, ...(edit ?? NOTHING) });
    }
    await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    return { accountId, transactionId: 'kind' in before ? null : before.transactionId };
  });
}
