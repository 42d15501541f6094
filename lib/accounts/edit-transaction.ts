import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isUuid } from '#lib/connections/internal';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { NotFoundError } from '#lib/errors/app-error';
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
  note: maybeText(500),
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
    const { editId, owner, pending, ...place } = subject;
    const before =
      editId === null
        ? NOTHING
        : await tx.db.transactionEdit.findUniqueOrThrow({ where: { id: editId }, select: WORDS });
    const words = { ...before, ...withoutUndefined(given) };
    const isEmpty = Object.values(words).every((word) => word === null);
    const changedAt = tx.clock.now();
    if (isEmpty) await tx.db.transactionEdit.deleteMany({ where: place });
    else {
      const id = editId ?? uuidv7();
      await tx.db.transactionEdit.upsert({
        where: { id },
        create: { id, ...place, ...pending, ...words, createdAt: changedAt, changedAt },
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

const WORDS = {
  note: true,
  category: true,
  merchantName: true,
  isTransfer: true,
} satisfies Prisma.TransactionEditSelect;
const NOTHING = { note: null, category: null, merchantName: null, isTransfer: null };

type Subject = {
  accountId: string;
  transactionId: string | null;
  pendingId: string | null;
  editId: string | null;
  owner: { connectionId: string; userId: string };
  /** What the row says now: by it the booked row is found when this one is gone. */
  pending: Partial<Prisma.TransactionEditUncheckedCreateInput>;
};

async function findSubject(ctx: Context, id: string): Promise<Subject | null> {
  if (!isUuid(id)) return null;
  const where = { id, account: accountsOf(ctx.actor) };
  const owner = { select: { connectionId: true, userId: true } };
  const booked = await ctx.db.transaction.findFirst({
    where,
    select: { accountId: true, account: owner, edit: { select: { id: true } } },
  });
  if (booked !== null) {
    const place = { accountId: booked.accountId, transactionId: id, pendingId: null };
    return { ...place, editId: booked.edit?.id ?? null, owner: booked.account, pending: {} };
  }
  const row = await ctx.db.pendingTransaction.findFirst({
    where,
    select: {
      accountId: true,
      account: owner,
      edit: { select: { id: true } },
      madeOn: true,
      effect: true,
      currency: true,
      description: true,
      firstSeenAt: true,
    },
  });
  if (row === null) return null;
  return {
    accountId: row.accountId,
    transactionId: null,
    pendingId: id,
    editId: row.edit?.id ?? null,
    owner: row.account,
    pending: {
      pendingMadeOn: row.madeOn,
      pendingEffect: row.effect,
      pendingCurrency: row.currency,
      pendingDescription: row.description,
      pendingFirstSeenAt: row.firstSeenAt,
    },
  };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Entries that are undefined are left out, which is what the type says of those that stay.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
