import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { AppError } from '#lib/errors/app-error';
import { addMs, DAY_MS } from '#lib/time/span';

/** How long a change can be undone. */
const UNDO_MS = DAY_MS;

/** The rows that a change touches: edits by id, edits on these transactions (booked or pending), joins of these transactions. */
export type UndoScope = { editIds: string[]; transactionIds: string[] };

const instant = z.iso.datetime().transform((text) => new Date(text));
const edit = z.object({
  id: z.string(),
  accountId: z.string(),
  transactionId: z.string().nullable(),
  pendingId: z.string().nullable(),
  note: z.string().nullable(),
  category: z.string().nullable(),
  merchantName: z.string().nullable(),
  isTransfer: z.boolean().nullable(),
  snapshotDay: instant.nullable(),
  snapshotEffect: z.string().nullable(),
  snapshotCurrency: z.string().nullable(),
  snapshotDescription: z.string().nullable(),
  snapshotMerchantName: z.string().nullable(),
  snapshotCoding: z.string(),
  snapshotClassification: z.array(z.string()),
  snapshotFirstSeenAt: instant.nullable(),
  rival: z.string().nullable(),
  isDetached: z.boolean(),
  createdAt: instant,
  changedAt: instant,
});
const join = z.object({
  accountId: z.string(),
  hiddenId: z.string(),
  shownId: z.string(),
  addedWords: z.json().nullable(),
  joinedAt: instant,
});

/** What `undo_steps.before` holds for a change of notes and joins. */
export const RowsBefore = z.object({
  kind: z.literal('rows'),
  editIds: z.array(z.string()),
  transactionIds: z.array(z.string()),
  /** The edits in scope once the change was made: any other that is there later is not the change's. */
  editIdsAfter: z.array(z.string()),
  edits: z.array(edit),
  joins: z.array(join),
});
export type RowsBefore = z.infer<typeof RowsBefore>;

/** Makes a change in the caller's transaction and keeps what was there before. Returns the id to undo it by, for a day. */
export async function withUndo(
  ctx: Context,
  { accountId, userId, scope, now }: { accountId: string; userId: string; scope: UndoScope; now: Date },
  work: () => Promise<void>,
): Promise<string> {
  const before = await loadRows(ctx, scope);
  await work();
  const after = await ctx.db.transactionEdit.findMany({ where: editsIn(scope), select: { id: true } });
  const kept = { kind: 'rows', ...scope, editIdsAfter: after.map(({ id }) => id), ...before };
  const id = uuidv7();
  await ctx.db.undoStep.deleteMany({ where: { userId, createdAt: { lt: addMs(now, -UNDO_MS) } } });
  const data = { id, userId, accountId, before: JSON.parse(JSON.stringify(kept)), createdAt: now };
  await ctx.db.undoStep.create({ data, select: { id: true } });
  return id;
}

/**
 * Puts back what a change replaced, in the caller's transaction.
 * @throws {AppError} conflict `changed_since`: something was written there after the change, which would be lost
 */
export async function restoreRows(
  ctx: Context,
  { before, changedAt }: { before: RowsBefore; changedAt: Date },
): Promise<void> {
  const { editIds, transactionIds, editIdsAfter, edits, joins } = before;
  const scope = { editIds, transactionIds };
  const there = await ctx.db.transactionEdit.findMany({ where: editsIn(scope), select: { id: true, changedAt: true } });
  const known = new Set([...editIdsAfter, ...edits.map(({ id }) => id)]);
  if (there.some((row) => row.changedAt > changedAt || !known.has(row.id)))
    throw new AppError('conflict', 'changed_since');
  await ctx.db.transactionEdit.deleteMany({ where: { id: { in: there.map(({ id }) => id) } } });
  await ctx.db.transactionJoin.deleteMany({ where: joinsIn(scope) });
  const ids = [
    ...edits.flatMap((row) => [row.transactionId, row.pendingId]),
    ...joins.flatMap((row) => [row.hiddenId, row.shownId]),
  ];
  const rows = await listExisting(
    ctx,
    ids.filter((id) => id !== null),
  );
  await ctx.db.transactionEdit.createMany({
    data: edits.map((row) => ({
      ...row,
      transactionId: row.transactionId !== null && rows.has(row.transactionId) ? row.transactionId : null,
      pendingId: row.pendingId !== null && rows.has(row.pendingId) ? row.pendingId : null,
    })),
  });
  await ctx.db.transactionJoin.createMany({
    data: joins
      .filter(({ hiddenId, shownId }) => rows.has(hiddenId) && rows.has(shownId))
      .map((row) => ({ ...row, addedWords: row.addedWords ?? Prisma.DbNull })),
  });
}

async function loadRows(ctx: Context, scope: UndoScope) {
  const edits = await ctx.db.transactionEdit.findMany({ where: editsIn(scope) });
  const joins = await ctx.db.transactionJoin.findMany({ where: joinsIn(scope) });
  return { edits, joins };
}

function editsIn({ editIds, transactionIds }: UndoScope): Prisma.TransactionEditWhereInput {
  return {
    OR: [{ id: { in: editIds } }, { transactionId: { in: transactionIds } }, { pendingId: { in: transactionIds } }],
  };
}

function joinsIn({ transactionIds }: UndoScope): Prisma.TransactionJoinWhereInput {
  return { OR: [{ hiddenId: { in: transactionIds } }, { shownId: { in: transactionIds } }] };
}

/** Rows may have gone since, a pending one most easily: then the edit waits for a transaction. */
async function listExisting(ctx: Context, ids: string[]): Promise<Set<string>> {
  const where = { id: { in: ids } };
  const booked = await ctx.db.transaction.findMany({ where, select: { id: true } });
  const pending = await ctx.db.pendingTransaction.findMany({ where, select: { id: true } });
  return new Set([...booked, ...pending].map(({ id }) => id));
}
