import 'server-only';
import { ownedBy } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import { ACCOUNT_SUMMARY, type AccountSummary, toAccountSummary } from './dto.ts';

/** Is this new account one of those? */
export type PairingQuestionView = {
  id: string;
  account: AccountSummary;
  candidates: AccountSummary[];
  reason: 'ambiguous' | 'number_changed' | 'same_transactions';
  askedAt: Date;
};

/** What a person has to tell us: which of their former accounts an account under a new id is. */
export async function listPairingQuestions(
  ctx: Context,
  input: { connectionId?: string } = {},
): Promise<PairingQuestionView[]> {
  const questions = await ctx.db.pairingQuestion.findMany({
    where: {
      answeredAt: null,
      connection: ownedBy(ctx.actor),
      ...(input.connectionId === undefined ? {} : { connectionId: input.connectionId }),
    },
    select: { id: true, accountId: true, candidateIds: true, reason: true, askedAt: true },
    orderBy: { askedAt: 'asc' },
  });
  const ids = questions.flatMap(({ accountId, candidateIds }) => [accountId, ...candidateIds]);
  const rows = await ctx.db.bankAccount.findMany({
    where: { id: { in: ids }, joinedIntoId: null },
    select: ACCOUNT_SUMMARY,
  });
  const byId = new Map(rows.map((row) => [row.id, toAccountSummary(row)]));
  return questions.flatMap(({ id, accountId, candidateIds, reason, askedAt }) => {
    const account = byId.get(accountId);
    const candidates = candidateIds.flatMap((candidateId) => byId.get(candidateId) ?? []);
    return account === undefined || candidates.length === 0
      ? []
      : [{ id, account, candidates, reason: reasonOf(reason), askedAt }];
  });
}

function reasonOf(reason: string): PairingQuestionView['reason'] {
  return reason === 'number_changed' || reason === 'same_transactions' ? reason : 'ambiguous';
}
