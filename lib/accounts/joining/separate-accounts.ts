import 'server-only';
import { requireAccount } from '#lib/accounts/own-account';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { noteDistinct } from './distinctions.ts';
import { separateAccount } from './join.ts';

/**
 * The user says that an account is not the one it was joined into: both are shown again, as they were, each with what came for
 * it meanwhile. They are not asked about the two again.
 * @returns the account that it was joined into
 * @throws {NotFoundError} @throws {AppError} conflict `not_joined`
 */
export async function separateAccounts(
  ctx: Context,
  { accountId }: { accountId: string },
): Promise<{ accountId: string }> {
  const user = requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    const { id } = await requireAccount(tx, accountId);
    const { joinedIntoId: rootId } = await tx.db.bankAccount.findUniqueOrThrow({
      where: { id },
      select: { joinedIntoId: true },
    });
    if (rootId === null) throw new AppError('conflict', 'not_joined');
    await separateAccount(tx, { accountId: id, rootId });
    await noteDistinct(tx, id, [rootId]);
    await recordAudit(tx, {
      action: 'account.separated',
      subject: { kind: 'account', id },
      personId: user.userId,
      before: { joinedIntoId: rootId },
    });
    return { accountId: rootId };
  });
}
