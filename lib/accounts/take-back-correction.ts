import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { editTransaction } from './edit-transaction.ts';
import { getTransaction } from './get-transaction.ts';
import { keepBefore } from './keep-before.ts';
import { writeRule } from './write-rule.ts';

export const TakeBackCorrectionInput = z.object({
  accountId: z.string(),
  transactionId: z.string(),
  /** `row`: what was said about this one, but for the note. `merchant`: what was said once and for all. */
  what: z.enum(['row', 'merchant']),
});
export type TakeBackCorrectionInput = z.infer<typeof TakeBackCorrectionInput>;

/**
 * Leaves it to the rules again.
 * @throws {NotFoundError}
 */
export async function takeBackCorrection(ctx: Context, input: TakeBackCorrectionInput): Promise<{ undoId: string }> {
  requirePerson(ctx.actor);
  const { accountId, transactionId, what } = TakeBackCorrectionInput.parse(input);
  return inTransaction(ctx, async (tx) => {
    const before = await getTransaction(tx, { accountId, transactionId });
    const undoId = await keepBefore(tx, before, what === 'merchant');
    if (what === 'merchant') await writeRule(tx, accountId, before.merchantKey, null);
    else {
      await editTransaction(tx, { transactionId, category: null, merchantName: null, isTransfer: null });
      await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    }
    return { undoId };
  });
}
