import 'server-only';
import { requireAccount } from '#lib/accounts/own-account';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { forgetDistinct } from './distinctions.ts';
import { joinPair } from './join.ts';

/**
 * The user says that two of their accounts are the same: one is shown for both, with the history of both. Can be undone by
 * {@link separateAccounts}.
 * @returns the account that is shown for both
 * @throws {NotFoundError} @throws {AppError} conflict `already_joined`; invalid `same_account`, `different_accounts`
 */
export async function joinAccounts(
  ctx: Context,
  { accountId, otherId }: { accountId: string; otherId: string },
): Promise<{ accountId: string }> {
  const user = requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    const account = await requireAccount(tx, accountId);
    const other = await requireAccount(tx, otherId);
    if (account.id === other.id) throw new AppError('invalid', 'same_account');
    const { rootId, joinedId } = await joinPair(tx, { preferredId: account.id, otherId: other.id });
    await forgetDistinct(tx, rootId, joinedId);
    await recordAudit(tx, {
      action: 'account.joined',
      subject: { kind: 'account', id: joinedId },
      personId: user.userId,
      after: { joinedIntoId: rootId },
    });
    return { accountId: rootId };
  });
}
