import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { editTransaction } from './edit-transaction.ts';
import { writeRule } from './write-rule.ts';

const ruleWords = z.object({ merchantName: z.string().nullable(), category: z.string().nullable() });

/** What stood there before a correction. `rule` only when the correction was one of merchants. */
export type CorrectionBefore = z.infer<typeof CorrectionBefore>;
const CorrectionBefore = z.object({
  transactionId: z.string(),
  edit: ruleWords.extend({ note: z.string().nullable(), isTransfer: z.boolean().nullable() }).nullable(),
  rule: z.object({ merchantKey: z.string(), words: ruleWords.nullable() }).nullable(),
});

const NOTHING = { note: null, category: null, merchantName: null, isTransfer: null };

/**
 * Puts back what a correction replaced, once.
 * @throws {NotFoundError} also when it is too late, and when it is somebody else's.
 */
export async function undoCorrection(
  ctx: Context,
  { undoId }: { undoId: string },
): Promise<{ accountId: string; transactionId: string }> {
  const person = requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    const where = { id: undoId, userId: person.userId };
    const step = isUuid(undoId)
      ? await tx.db.undoStep.findFirst({ where, select: { accountId: true, before: true } })
      : null;
    if (step === null) throw new NotFoundError('undo_step');
    const { count } = await tx.db.undoStep.deleteMany({ where });
    if (count === 0) throw new AppError('conflict', 'already_undone');
    const { accountId } = step;
    const { transactionId, edit, rule } = CorrectionBefore.parse(step.before);
    if (rule !== null) await writeRule(tx, accountId, rule.merchantKey, rule.words);
    await editTransaction(tx, { transactionId, ...(edit ?? NOTHING) });
    await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    return { accountId, transactionId };
  });
}
