import 'server-only';
import { isUuid } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { WORDS } from './edit-words.ts';
import { accountsOf } from './own-account.ts';

/** The user's account, as it is shown: with those that were joined into it. */
type OwnAccount = { id: string; userId: string; connectionId: string; groupIds: string[] };

/** Locks the user's account against a sync that stores its rows, for the rest of the caller's transaction. */
export async function lockOwnAccount(ctx: Context, accountId: string): Promise<OwnAccount> {
  const where = { id: accountId, ...accountsOf(ctx.actor) };
  const select = { id: true, userId: true, connectionId: true } as const;
  const row = isUuid(accountId) ? await ctx.db.bankAccount.findFirst({ where, select }) : null;
  if (row === null) throw new NotFoundError('account');
  const locked = await ctx.db.$queryRaw<{ id: string }[]>`
    select id::text from accounts where id = ${accountId}::uuid or joined_into_id = ${accountId}::uuid order by id for update`;
  return { ...row, groupIds: locked.map(({ id }) => id) };
}

/**
 * Edits whose transaction is gone: removed by the bank, no longer pending and not booked as far as we can tell, or detached. A
 * removed row that the user joined to one that is there has shared its words with that one.
 */
export const UNATTACHED = {
  OR: [
    { transactionId: null, pendingId: null },
    { transaction: { vanishedAt: { not: null }, hiddenBy: { none: { shown: { vanishedAt: null } } } } },
  ],
} satisfies Prisma.TransactionEditWhereInput;

/** Of an account and those that were joined into it. */
export function inGroup(accountId: string) {
  return { account: { OR: [{ id: accountId }, { joinedIntoId: accountId }] } };
}

/**
 * A note that has no transaction, of an account or one that was joined into it.
 * @throws {NotFoundError} also when it has been attached meanwhile
 */
export async function getUnattached(ctx: Context, accountId: string, noteId: string) {
  const select = { id: true, transactionId: true, ...WORDS };
  const where = { AND: [{ id: noteId, account: accountsOf(ctx.actor) }, inGroup(accountId), UNATTACHED] };
  const isAddress = isUuid(noteId) && isUuid(accountId);
  const row = isAddress ? await ctx.db.transactionEdit.findFirst({ where, select }) : null;
  if (row === null) throw new NotFoundError('note');
  const { id, transactionId, ...words } = row;
  return { id, transactionId, words };
}
