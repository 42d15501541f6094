import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { loadConnection } from './internal.ts';
import { auditRenewal } from './renewal.ts';
import { settleStatus } from './settle-status.ts';

type AnswerRenewalInput = { connectionId: string; isSamePerson: boolean };

/**
 * The person says whether the accounts that a renewal opens are theirs. If so, the next sync goes on with it; if not, it is
 * kept from everything and revoked, and the connection stays as it was.
 * @throws {NotFoundError}; {@link AppError} conflict when nothing is asked
 */
export async function answerRenewal(ctx: Context, { connectionId, isSamePerson }: AnswerRenewalInput): Promise<void> {
  requirePerson(ctx.actor);
  await inTransaction(ctx, async (tx) => {
    await loadConnection(tx, connectionId, { id: true });
    const { count } = await tx.db.connectionTokens.updateMany({
      where: { connectionId, role: 'incoming', questionedAt: { not: null } },
      data: isSamePerson
        ? { questionedAt: null, confirmedAt: tx.clock.now() }
        : { questionedAt: null, role: 'outgoing' },
    });
    if (count === 0) throw new AppError('conflict', 'renewal_not_questioned');
    const action = isSamePerson ? 'consent.renewal_confirmed' : 'consent.renewal_rejected';
    await auditRenewal(tx, connectionId, action, 'person_answered');
    if (!isSamePerson) await requireSignIn(tx, connectionId);
    if (isSamePerson) await ask(tx, 'connection.sync', { connectionId }, { key: `${connectionId} now` });
  });
}

/** The sign-in that was rejected had superseded the tokens in use: only another sign-in brings new ones. */
async function requireSignIn(ctx: Context, connectionId: string): Promise<void> {
  if ((await ctx.db.connectionTokens.count({ where: { connectionId, role: 'current' } })) > 0) return;
  const reason = 'renewal_rejected';
  await settleStatus(ctx, connectionId, {
    facts: { grantRefusedAt: ctx.clock.now() },
    data: { grantRefusedCode: reason },
    reason,
  });
}
