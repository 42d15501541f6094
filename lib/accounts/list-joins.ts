import 'server-only';
import { isUuid } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import { VISIBLE } from '#lib/db/visible-transaction';
import { NotFoundError } from '#lib/errors/app-error';
import { addDays } from '#lib/time/day';
import { listGroup } from './join-group.ts';
import { loadLines } from './list-unattached-notes.ts';
import { loadCandidates } from './load-candidates.ts';
import { rankCandidates } from './match-edit.ts';
import { accountsOf, requireAccount } from './own-account.ts';
import { inGroup } from './own-note.ts';
import type { TransactionLine } from './transaction-dto.ts';

/** A row that can be, or is, joined to another one. */
export type JoinableLine = TransactionLine & { isRemoved: boolean };

/** As far as a bank that sends one purchase twice dates the second. */
const JOIN_DAYS = 14;
const MAX_JOINABLE = 5;

/**
 * The other rows that the user said are this transaction, which are not shown by themselves.
 * @throws {NotFoundError}
 */
export async function listJoined(
  ctx: Context,
  { accountId, transactionId }: { accountId: string; transactionId: string },
): Promise<JoinableLine[]> {
  const { id } = await requireAccount(ctx, accountId);
  const group = isUuid(transactionId) ? await listGroup(ctx, transactionId) : [];
  if (group.length < 2) return [];
  const rows = await ctx.db.transaction.findMany({
    where: { id: { in: group, not: transactionId }, ...inGroup(id) },
    select: { id: true, vanishedAt: true },
    orderBy: [{ bookedOn: 'desc' }, { id: 'asc' }],
  });
  return toJoinable(
    ctx,
    id,
    rows.map((row) => ({ id: row.id, isRemoved: row.vanishedAt !== null })),
  );
}

/**
 * The rows that may be the same transaction, the likeliest first: of this account, within two weeks, also such as the bank removed.
 * @throws {NotFoundError}
 */
export async function listJoinable(
  ctx: Context,
  { accountId, transactionId }: { accountId: string; transactionId: string },
): Promise<JoinableLine[]> {
  const { id } = await requireAccount(ctx, accountId);
  const where = { id: transactionId, ...inGroup(id) };
  const row = isUuid(transactionId)
    ? await ctx.db.transaction.findFirst({ where, select: { bookedOn: true, accountId: true } })
    : null;
  if (row === null) throw new NotFoundError('transaction');
  const day = row.bookedOn.toISOString().slice(0, 10);
  const span = { from: addDays(day, -JOIN_DAYS), to: addDays(day, JOIN_DAYS), withRemoved: true };
  const rows = await loadCandidates(ctx, id, span);
  const self = rows.find((candidate) => candidate.id === transactionId);
  if (self === undefined) return [];
  const group = new Set(await listGroup(ctx, transactionId));
  const ranked = rankCandidates(
    self,
    rows.filter((candidate) => !group.has(candidate.id) && candidate.accountId === row.accountId),
    MAX_JOINABLE,
  );
  return toJoinable(ctx, id, ranked);
}

async function toJoinable(
  ctx: Context,
  accountId: string,
  rows: { id: string; isRemoved: boolean }[],
): Promise<JoinableLine[]> {
  const lines = await loadLines(
    ctx,
    accountId,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, isRemoved }) => {
    const line = lines.get(id);
    return line === undefined ? [] : [{ ...line, isRemoved }];
  });
}

/** The row that is shown for one that the user joined to it. Null when that is shown itself, or isn't the user's. */
export async function findShownFor(
  ctx: Context,
  { accountId, transactionId }: { accountId: string; transactionId: string },
): Promise<string | null> {
  if (!isUuid(transactionId) || !isUuid(accountId)) return null;
  const join = await ctx.db.transactionJoin.findFirst({
    where: {
      hiddenId: transactionId,
      AND: [inGroup(accountId), { account: accountsOf(ctx.actor) }],
      shown: VISIBLE,
    },
    select: { shownId: true },
  });
  return join?.shownId ?? null;
}
