import 'server-only';
import { listTransactions } from '#lib/accounts/list-transactions';
import type { TransactionPage } from '#lib/accounts/transaction-dto';
import { requireAdmin } from '#lib/actor/authorise';
import { parseConnectionId } from '#lib/admin/connection/connection-id';
import { recordAudit } from '#lib/audit/record';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';

export type SharedAccount = { id: string; name: string; kind: 'account' | 'card' };

export type SharedTransactions = {
  grantId: string;
  expiresAt: Date;
  accounts: SharedAccount[];
  account: SharedAccount | null;
  page: TransactionPage | null;
};

export type ListSharedInput = { connectionId: string; accountId?: string | undefined; cursor?: string | undefined };

/**
 * A page of a person's transactions, under a leave of this admin's own that still holds. Each look is on record before
 * anything is read.
 * @throws {AppError} forbidden `no_grant`; {NotFoundError}
 */
export async function listSharedTransactions(ctx: Context, input: ListSharedInput): Promise<SharedTransactions> {
  const admin = requireAdmin(ctx.actor);
  const connectionId = parseConnectionId(input.connectionId);
  const grant = await takeGrant(ctx, { adminId: admin.userId, connectionId, accountId: input.accountId });
  const accounts = await listSharedAccounts(ctx, connectionId);
  const account = accounts.find(({ id }) => input.accountId === undefined || id === input.accountId) ?? null;
  if (account === null && input.accountId !== undefined) throw new NotFoundError('account');
  const person = actingAs(ctx, { kind: 'user', userId: grant.userId });
  const page =
    account === null
      ? null
      : await listTransactions(person, {
          accountId: account.id,
          isAlone: true,
          ...(input.cursor ? { cursor: input.cursor } : {}),
        });
  return { grantId: grant.id, expiresAt: grant.expiresAt, accounts, account, page };
}

type Use = { adminId: string; connectionId: string; accountId: string | undefined };

/** The race is in the `where`: a leave that ended a moment ago shows nothing. */
async function takeGrant(ctx: Context, { adminId, connectionId, accountId }: Use) {
  return inTransaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const [grant] = await tx.db.supportGrant.updateManyAndReturn({
      where: { connectionId, adminId, endedAt: null, expiresAt: { gt: now } },
      data: { lastUsedAt: now },
      select: { id: true, userId: true, expiresAt: true },
    });
    if (grant === undefined) throw new AppError('forbidden', 'no_grant');
    await recordAudit(tx, {
      action: 'support_grant.used',
      subject: { kind: 'support_grant', id: grant.id },
      connectionId,
      personId: grant.userId,
      after: { accountId: accountId ?? null },
    });
    return grant;
  });
}

async function listSharedAccounts(ctx: Context, connectionId: string): Promise<SharedAccount[]> {
  const rows = await ctx.db.bankAccount.findMany({
    where: { connectionId },
    select: { id: true, displayName: true, kind: true },
    orderBy: [{ kind: 'asc' }, { position: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, displayName, kind }) => ({ id, name: displayName, kind }));
}
