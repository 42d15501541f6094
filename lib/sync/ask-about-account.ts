import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';

export type AccountQuestion = {
  connectionId: string;
  /** The account that is new. */
  accountId: string;
  /** Which it may be, the most likely one first. */
  candidateIds: readonly string[];
  reason: 'ambiguous' | 'number_changed' | 'same_transactions';
};

/**
 * Asks the user whether a new account is one that was known before. One question per account, ever: until it is answered the
 * account is one of its own, and nothing of the others is touched.
 */
export async function askAboutAccount(ctx: Context, question: AccountQuestion): Promise<void> {
  await ctx.db.pairingQuestion.createMany({
    data: [{ ...question, candidateIds: [...question.candidateIds], id: uuidv7(), askedAt: ctx.clock.now() }],
    skipDuplicates: true,
  });
}
