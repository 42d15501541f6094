import 'server-only';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { markDuplicates } from './mark-duplicates.ts';

/**
 * Joins two accounts and returns the one that is shown for both: of the two the one that the bank still lists, since it goes on;
 * else the one that was listed last; else `preferredId`.
 * @throws {AppError} conflict `already_joined`; invalid `different_accounts`: of another kind or currency.
 */
export async function joinPair(
  ctx: Context,
  { preferredId, otherId }: { preferredId: string; otherId: string },
): Promise<{ rootId: string; joinedId: string }> {
  const [preferred, other] = await Promise.all([loadSide(ctx, preferredId), loadSide(ctx, otherId)]);
  if (preferred.kind !== other.kind || preferred.currency !== other.currency) {
    throw new AppError('invalid', 'different_accounts');
  }
  const isOtherRoot =
    other.isListed !== preferred.isListed
      ? other.isListed
      : !other.isListed && other.lastListedAt > preferred.lastListedAt;
  const [rootId, joinedId] = isOtherRoot ? [otherId, preferredId] : [preferredId, otherId];
  await joinAccount(ctx, { accountId: joinedId, rootId });
  return { rootId, joinedId };
}

async function loadSide(ctx: Context, id: string) {
  const row = await ctx.db.bankAccount.findUniqueOrThrow({
    where: { id },
    select: { kind: true, currency: true, goneAt: true, lastListedAt: true, connection: { select: { endedAt: true } } },
  });
  return { ...row, isListed: row.goneAt === null && row.connection.endedAt === null };
}

/**
 * Links `accountId` to `rootId`, in the caller's transaction: from now on the root is shown for both, with the transactions of
 * both. No row is moved or removed. What was joined into the account before comes along.
 * @throws {AppError} conflict `already_joined`: one of the two is shown under another account.
 */
export async function joinAccount(
  ctx: Context,
  { accountId, rootId }: { accountId: string; rootId: string },
): Promise<void> {
  const { db } = ctx;
  await db.$queryRaw`select id from accounts where id in (${accountId}::uuid, ${rootId}::uuid) order by id for update`;
  const select = { joinedIntoId: true, ownName: true, hiddenAt: true } as const;
  const account = await db.bankAccount.findUniqueOrThrow({ where: { id: accountId }, select });
  const root = await db.bankAccount.findUniqueOrThrow({ where: { id: rootId }, select });
  if (account.joinedIntoId !== null || root.joinedIntoId !== null) throw new AppError('conflict', 'already_joined');
  await db.$executeRaw`
    update accounts set joined_into_id = ${rootId}::uuid, joined_through_id = coalesce(joined_through_id, ${accountId}::uuid)
    where joined_into_id = ${accountId}::uuid`;
  await db.bankAccount.update({
    where: { id: accountId },
    data: { joinedIntoId: rootId, joinedThroughId: null, joinedAt: ctx.clock.now(), twinOfId: null },
    select: { id: true },
  });
  // The user's name for the account and that it is hidden are kept; a root that has its own keeps it.
  await db.bankAccount.update({
    where: { id: rootId },
    data: { ownName: root.ownName ?? account.ownName, hiddenAt: root.hiddenAt ?? account.hiddenAt },
    select: { id: true },
  });
  await db.bankAccount.updateMany({ where: { id: rootId, twinOfId: accountId }, data: { twinOfId: null } });
  await db.$executeRaw`
    insert into recurring_payments (id, account_id, series_key, merchant_name, cadence, amount, is_amount_steady, currency,
      occurrences, first_on, last_on, next_on, reason, found_at, dismissed_at)
    select gen_random_uuid(), ${rootId}::uuid, series_key, merchant_name, cadence, amount, is_amount_steady, currency,
      occurrences, first_on, last_on, next_on, reason, found_at, dismissed_at
    from recurring_payments where account_id = ${accountId}::uuid and dismissed_at is not null
    on conflict (account_id, series_key) do update set dismissed_at = excluded.dismissed_at`;
  await markDuplicates(ctx, rootId);
  await ask(ctx, 'account.enrich', { accountId: rootId }, { key: rootId });
}

/**
 * Takes the link away again, in the caller's transaction: both accounts are as if they had never been joined, each with what
 * was stored for it meanwhile. What was joined into the account before it was joined itself stays with it.
 */
export async function separateAccount(
  ctx: Context,
  { accountId, rootId }: { accountId: string; rootId: string },
): Promise<void> {
  const { db } = ctx;
  await db.$queryRaw`select id from accounts where id in (${accountId}::uuid, ${rootId}::uuid) order by id for update`;
  const members = await db.bankAccount.findMany({
    where: { joinedIntoId: rootId },
    select: { id: true, joinedThroughId: true },
  });
  const along = members.filter(({ id }) => id !== accountId && isThrough(id, accountId, members)).map(({ id }) => id);
  await db.$executeRaw`
    update transactions set duplicate_of_id = null
    where duplicate_of_id is not null and account_id = any(${[rootId, ...members.map(({ id }) => id)]}::uuid[])`;
  const account = await db.bankAccount.update({
    where: { id: accountId },
    data: { joinedIntoId: null, joinedThroughId: null, joinedAt: null },
    select: { ownName: true, hiddenAt: true },
  });
  await db.$executeRaw`
    update accounts set joined_into_id = ${accountId}::uuid, joined_through_id = nullif(joined_through_id, ${accountId}::uuid)
    where id = any(${along}::uuid[])`;
  await giveBackSettings(ctx, rootId, account);
  for (const id of [rootId, accountId]) {
    await markDuplicates(ctx, id);
    await ask(ctx, 'account.enrich', { accountId: id }, { key: id });
  }
}

type Member = { id: string; joinedThroughId: string | null };

function isThrough(id: string, throughId: string, members: readonly Member[]): boolean {
  const next = members.find((member) => member.id === id)?.joinedThroughId ?? null;
  return next !== null && (next === throughId || isThrough(next, throughId, members));
}

/** What the root has from the account that leaves it, and not from its user, it loses again. */
async function giveBackSettings(
  ctx: Context,
  rootId: string,
  { ownName, hiddenAt }: { ownName: string | null; hiddenAt: Date | null },
): Promise<void> {
  const { bankAccount } = ctx.db;
  if (ownName !== null) await bankAccount.updateMany({ where: { id: rootId, ownName }, data: { ownName: null } });
  if (hiddenAt !== null) await bankAccount.updateMany({ where: { id: rootId, hiddenAt }, data: { hiddenAt: null } });
}
