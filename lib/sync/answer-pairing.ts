import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid, ownedBy } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { mergeAccounts } from './merge-accounts.ts';

export const AnswerPairingInput = z.object({
  questionId: z.string(),
  /** The former account that it is; null when it is none of them. */
  formerAccountId: z.string().nullable(),
});
export type AnswerPairingInput = z.infer<typeof AnswerPairingInput>;

/**
 * A person says which former account a new one is. Its history then continues the former's; asked once, answered once.
 * @throws {NotFoundError}
 */
export async function answerPairing(ctx: Context, input: AnswerPairingInput): Promise<{ accountId: string }> {
  requirePerson(ctx.actor);
  const { questionId, formerAccountId } = AnswerPairingInput.parse(input);
  return inTransaction(ctx, async (tx) => {
    const question = isUuid(questionId)
      ? await tx.db.pairingQuestion.findFirst({
          where: { id: questionId, connection: ownedBy(tx.actor) },
          select: { accountId: true, candidateIds: true, connectionId: true, connection: { select: { userId: true } } },
        })
      : null;
    if (question === null) throw new NotFoundError('question');
    if (formerAccountId !== null && !question.candidateIds.includes(formerAccountId)) {
      throw new AppError('invalid', 'not_a_candidate');
    }
    const { count } = await tx.db.pairingQuestion.updateMany({
      where: { id: questionId, answeredAt: null },
      data: { answeredAt: tx.clock.now(), answerId: formerAccountId },
    });
    if (count === 0) throw new AppError('conflict', 'already_answered');
    const { accountId, connectionId } = question;
    if (formerAccountId !== null) {
      await mergeAccounts(tx, { fromId: accountId, intoId: formerAccountId });
      await withdrawCandidate(tx, connectionId, formerAccountId);
      await ask(tx, 'account.enrich', { accountId: formerAccountId }, { key: formerAccountId });
    }
    await recordAudit(tx, {
      action: formerAccountId === null ? 'account.pairing_declined' : 'account.paired',
      subject: { kind: 'account', id: formerAccountId ?? accountId },
      connectionId,
      personId: question.connection.userId,
      reason: 'person',
    });
    return { accountId: formerAccountId ?? accountId };
  });
}

/** A former self is somebody's once: other questions can't be answered with it any more, and one with nothing left is over. */
async function withdrawCandidate(ctx: Context, connectionId: string, accountId: string): Promise<void> {
  await ctx.db.$executeRaw`
    update pairing_questions set candidate_ids = array_remove(candidate_ids, ${accountId}::uuid),
      answered_at = case when cardinality(array_remove(candidate_ids, ${accountId}::uuid)) = 0 then ${ctx.clock.now()}::timestamptz end
    where connection_id = ${connectionId}::uuid and answered_at is null`;
}
