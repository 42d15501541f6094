import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
import { isWordless, MAX_NOTE_LENGTH, type Words } from './combine-words.ts';
import { toSnapshot } from './edit-snapshot.ts';
import { WORDS } from './edit-words.ts';
import { accountsOf } from './own-account.ts';

const maybeText = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .optional();

/** What is left out stays as it is; null (or nothing but blanks) takes it back. */
export const EditTransactionInput = z.object({
  transactionId: z.string(),
  note: maybeText(MAX_NOTE_LENGTH),
  category: maybeText(60),
  merchantName: maybeText(80),
  isTransfer: z.boolean().nullable().optional(),
});
export type EditTransactionInput = z.input<typeof EditTransactionInput>;

/**
 * A person's own words about one transaction, booked or pending: they win over whatever is worked out, for ever.
 * @throws {NotFoundError}
 */
export async function editTransaction(ctx: Context, input: EditTransactionInput): Promise<void> {
  const person = requirePerson(ctx.actor);
  const { transactionId, ...given } = EditTransactionInput.parse(input);
  await inTransaction(ctx, async (tx) => {
    const subject = await findSubject(tx, transactionId);
    if (subject === null) throw new NotFoundError('transaction');
    const { editId, owner, snapshot, ...place } = subject;
    const before: Words =
      editId === null
        ? NOTHING
        : await tx.db.transactionEdit.findUniqueOrThrow({ where: { id: editId }, select: WORDS });
    const words = { ...before, ...withoutUndefined(given) };
    const changedAt = tx.clock.now();
    if (isWordless(words)) await tx.db.transactionEdit.deleteMany({ where: place });
    else {
      const id = editId ?? uuidv7();
      await tx.db.transactionEdit.upsert({
        where: { id },
        create: { id, ...place, ...snapshot, ...words, createdAt: changedAt, changedAt },
        update: { ...words, changedAt },
        select: { id: true },
      });
    }
    await recordAudit(tx, {
      action: 'transaction.edited',
      subject: { kind: 'transaction', id: transactionId },
      connectionId: owner.connectionId,
      personId: owner.userId,
      after: { fields: Object.keys(withoutUndefined(given)), by: person.kind },
    });
  });
}

const NOTHING: Words = { note: null, category: null, merchantName: null, isTransfer: null };

type Subject = {
  accountId: string;
  transactionId: string | null;
  pendingId: string | null;
  editId: string | null;
  owner: { connectionId: string; userId: string };
  snapshot: ReturnType<typeof toSnapshot>;
};

const SUBJECT = {
  accountId: true,
  account: { select: { connectionId: true, userId: true } },
  edit: { select: { id: true } },
  effect: true,
  currency: true,
  description: true,
  merchantName: true,
  category: true,
  classification: true,
  firstSeenAt: true,
} as const;

/** A row of the actor's own that can be written on, booked (as far as `among` says) or pending. Null when there is none. */
export async function findSubject(
  ctx: Context,
  id: string,
  among: Prisma.TransactionWhereInput = {},
): Promise<Subject | null> {
  if (!isUuid(id)) return null;
  const where = { id, account: accountsOf(ctx.actor) };
  const booked = await ctx.db.transaction.findFirst({
    where: { ...among, ...where },
    select: { ...SUBJECT, bookedOn: true },
  });
  if (booked !== null) {
    const { accountId, account, edit, bookedOn: day, ...row } = booked;
    const place = { accountId, transactionId: id, pendingId: null };
    return { ...place, editId: edit?.id ?? null, owner: account, snapshot: toSnapshot({ ...row, day }) };
  }
  const pending = await ctx.db.pendingTransaction.findFirst({ where, select: { ...SUBJECT, madeOn: true } });
  if (pending === null) return null;
  const { accountId, account, edit, madeOn: day, ...row } = pending;
  const place = { accountId, transactionId: null, pendingId: id };
  return { ...place, editId: edit?.id ?? null, owner: account, snapshot: toSnapshot({ ...row, day }) };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Entries that are undefined are left out, which is what the type says of those that stay.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
