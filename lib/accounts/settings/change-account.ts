import 'server-only';
import { requireAccount } from '#lib/accounts/own-account';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';

export type AccountChange = {
  action: 'account.renamed' | 'account.hidden' | 'account.shown' | 'account.sync_stopped' | 'account.sync_resumed';
  data: { ownName: string | null } | { hiddenAt: Date | null } | { syncStoppedAt: Date | null };
};

/**
 * Changes one of the user's own settings of an account. Making the same change twice is harmless.
 * @throws {NotFoundError}
 */
export async function changeAccount(ctx: Context, accountId: string, { action, data }: AccountChange): Promise<void> {
  const user = requirePerson(ctx.actor);
  await inTransaction(ctx, async (tx) => {
    const { id } = await requireAccount(tx, accountId);
    const { connectionId } = await tx.db.bankAccount.update({ where: { id }, data, select: { connectionId: true } });
    await recordAudit(tx, { action, subject: { kind: 'account', id }, connectionId, personId: user.userId });
  });
}
