import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { isCategory } from '#lib/enrich/categories';
import { ask } from '#lib/queue/ask';
import { MAX_NOTE_LENGTH } from './combine-words.ts';
import { editTransaction } from './edit-transaction.ts';
import { getTransaction, type TransactionDetail, toldWithoutEdit } from './get-transaction.ts';
import { keepBefore } from './keep-before.ts';
import { writeRule } from './write-rule.ts';

/** The form as it was sent: whatever says the same as the rules do is left to them. */
export const CorrectTransactionInput = z.object({
  accountId: z.string(),
  transactionId: z.string(),
  name: z.string().trim().max(80, 'too_long'),
  category: z.string().refine((text): boolean => isCategory(text), 'unknown'),
  note: z.string().trim().max(MAX_NOTE_LENGTH, 'too_long'),
  /** Null leaves it to the rules. */
  isTransfer: z.boolean().nullable(),
  /** Name and category are meant for everything of this merchant's, what has been and what will come. */
  isAlways: z.boolean(),
});
export type CorrectTransactionInput = z.infer<typeof CorrectTransactionInput>;

/**
 * A person's corrections, for one row or for its merchant once and for all. What stood there before is kept for a day, so that
 * it can be taken back.
 * @throws {NotFoundError}
 */
export async function correctTransaction(ctx: Context, input: CorrectTransactionInput): Promise<{ undoId: string }> {
  requirePerson(ctx.actor);
  const { accountId, transactionId, ...given } = CorrectTransactionInput.parse(input);
  return inTransaction(ctx, async (tx) => {
    const before = await getTransaction(tx, { accountId, transactionId });
    const undoId = await keepBefore(tx, before, given.isAlways);
    if (given.isAlways) {
      const worked = toldWithoutEdit({ ...before, rule: null }, given.isTransfer);
      await writeRule(tx, accountId, before.merchantKey, {
        merchantName: differing(given.name, worked.name),
        category: differing(given.category, worked.category),
      });
    }
    await editTransaction(tx, {
      transactionId,
      note: given.note,
      isTransfer: given.isTransfer,
      ...ownWords(before, given),
    });
    if ((before.edit?.isTransfer ?? null) !== given.isTransfer) {
      await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    }
    return { undoId };
  });
}

type Given = Pick<CorrectTransactionInput, 'name' | 'category' | 'isTransfer' | 'isAlways'>;

/** A field that says what it said before is left alone, however it came to say so. */
function ownWords(before: TransactionDetail, given: Given): { merchantName?: string | null; category?: string | null } {
  if (given.isAlways) return { merchantName: null, category: null };
  const told = toldWithoutEdit(before, given.isTransfer);
  return {
    ...(given.name === before.name ? {} : { merchantName: differing(given.name, told.name) }),
    ...(given.category === before.category ? {} : { category: differing(given.category, told.category) }),
  };
}

function differing(given: string, ours: string): string | null {
  return given === '' || given === ours ? null : given;
}
