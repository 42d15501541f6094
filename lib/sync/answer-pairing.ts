import 'server-only';
import { z } from 'zod';
import { noteDistinct } from '#lib/accounts/joining/distinctions';
import { joinPair } from '#lib/accounts/joining/join';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid, ownedBy } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';

export const AnswerPairingInput = z.object({
  questionId: z.string(),
  /** The former account that it is; null when it is none of them. */
  formerAccountId: z.string().nullable(),
});
export type AnswerPairingInput = z.infer<typeof AnswerPairingInput>;

/**
 * The user says which former account a new one is: the two are joined, and can be separated again. "None of these" is
 * remembered. Asked once, answered once.
 * @returns the account that is shown from now on
 * @throws {NotFoundError} @throws {AppError} invalid `not_a_candidate`; conflict `already_answered`, `already_joined`
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
    const { accountId, candidateIds, connectionId } = question;
    if (formerAccountId !== null && !candidateIds.includes(formerAccountId)) {
      throw new AppError('invalid', 'not_a_candidate');
    }
    const { count } = await tx.db.pairingQuestion.updateMany({
      where: { id: questionId, answeredAt: null },
      data: { answeredAt: tx.clock.now(), answerId: formerAccountId },
    });
    if (count === 0) throw new AppError('conflict', 'already_answered');
    let shownId = accountId;
    if (formerAccountId === null) await noteDistinct(tx, accountId, candidateIds);
    else {
      ({ rootId: shownId } = await joinPair(tx, { preferredId: accountId, otherId: formerAccountId }));
      await withdrawCandidate(tx, question.connection.userId, formerAccountId);
    }
    await recordAudit(tx, {
      action: formerAccountId === null ? 'account.pairing_declined' : 'account.paired',
      subject: { kind: 'account', id: accountId },
      connectionId,
      personId: question.connection.userId,
      reason: 'person',
      ...(formerAccountId === null ? {} : { after: { formerAccountId } }),
    });
    return { accountId: shownId };
  });
}

/** A former account continues as one account only: no other question offers it any more, and one with nothing left is closed. */
async function withdrawCandidate(ctx: Context, userId: string, accountId: string): Promise<void> {
  await ctx.db.$executeRaw`
    update pairing_questions q set candidate_ids = array_remove(candidate_ids, ${accountId}::uuid),
      answered_at = case when cardinality(array_remove(candidate_ids, ${accountId}::uuid)) = 0 then ${ctx.clock.now()}::timestamptz end
    from connections c where c.id = q.connection_id and c.user_id = ${userId}::uuid and q.answered_at is null
      and ${accountId}::uuid = any(q.candidate_ids)`;
}
