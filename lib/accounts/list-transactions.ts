import 'server-only';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { IS_VISIBLE } from '#lib/db/visible-transaction';
import { dayIn } from '#lib/time/calendar';
import { listGroupIds } from './account-group.ts';
import { loadRules } from './load-rules.ts';
import { requireAccount } from './own-account.ts';
import { parseCursor, toCursor } from './transaction-cursor.ts';
import { BOOKED, PENDING, type TransactionPage, toBookedLine, toPendingLine, toWorked } from './transaction-dto.ts';

export const ListTransactionsInput = z.object({
  accountId: z.string(),
  cursor: z.string().max(200).optional(),
  search: z.string().trim().max(100).optional(),
  limit: z.number().int().min(1).max(200).default(50),
  /** Leave out what was joined into the account: for a reader who may see this account only. */
  isAlone: z.boolean().default(false),
});
export type ListTransactionsInput = z.input<typeof ListTransactionsInput>;

/**
 * One page of the booked rows of an account and of those joined into it, newest first; with the first page comes what is
 * pending. Rows that the bank has removed, or that the user joined to another, are left out. A search looks at what the bank
 * wrote, at the names that people and rules gave, and at notes.
 * @throws {NotFoundError}
 */
export async function listTransactions(ctx: Context, input: ListTransactionsInput): Promise<TransactionPage> {
  const { accountId, cursor, search, limit, isAlone } = ListTransactionsInput.parse(input);
  const { id, zone } = await requireAccount(ctx, accountId);
  const today = dayIn(zone, ctx.clock.now());
  const accountIds = isAlone ? [id] : await listGroupIds(ctx, id);
  const ids = await findPageIds(ctx, { accountIds, cursor, search, limit: limit + 1 });
  const rows = await ctx.db.transaction.findMany({
    where: { id: { in: ids.slice(0, limit) } },
    select: BOOKED,
    orderBy: [{ bookedOn: 'desc' }, { position: 'asc' }, { id: 'asc' }],
  });
  const last = rows.at(-1);
  const booked = rows.map(toWorked);
  const pending = cursor === undefined ? (await listPending(ctx, id, search)).map(toWorked) : [];
  const rules = await loadRules(
    ctx,
    id,
    [...booked, ...pending].map(({ worked }) => worked.merchantKey),
  );
  return {
    pending: pending.map((row) => toPendingLine(row, { rules, today })),
    booked: booked.map((row) => toBookedLine(row, { rules, today })),
    nextCursor: ids.length > limit && last !== undefined ? toCursor(last) : null,
    today,
  };
}

type PageInput = {
  accountIds: readonly string[];
  cursor: string | undefined;
  search: string | undefined;
  limit: number;
};

/** Straight down the index of each account, from where the last page ended: the thousandth page costs what the first does. */
async function findPageIds(ctx: Context, { accountIds, cursor, search, limit }: PageInput): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    select r.id from unnest(${accountIds}::uuid[]) as a (id), lateral (
      select t.id, t.booked_on, t.position from transactions t
      where t.account_id = a.id and ${IS_VISIBLE} ${after(cursor)} ${matching(search)}
      order by t.booked_on desc, t.position, t.id limit ${limit}
    ) as r order by r.booked_on desc, r.position, r.id limit ${limit}`;
  return rows.map(({ id }) => id);
}

function after(cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return Prisma.empty;
  const [day, position, id] = parseCursor(cursor);
  return Prisma.sql`and booked_on <= ${day}::date and (booked_on < ${day}::date or (position, id) > (${position}, ${id}::uuid))`;
}

function matching(search: string | undefined): Prisma.Sql {
  if (search === undefined || search === '') return Prisma.empty;
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return Prisma.sql`and (description ilike ${pattern} or merchant_name ilike ${pattern}
    or exists (select from enrichments e where e.transaction_id = t.id and e.merchant_name ilike ${pattern})
    or exists (select from transaction_edits d where d.transaction_id = t.id
      and (d.merchant_name ilike ${pattern} or d.note ilike ${pattern})))`;
}

async function listPending(ctx: Context, accountId: string, search: string | undefined) {
  const contains = { contains: search ?? '', mode: 'insensitive' } as const;
  return ctx.db.pendingTransaction.findMany({
    where: { accountId, ...(search ? { OR: [{ description: contains }, { merchantName: contains }] } : {}) },
    select: PENDING,
    orderBy: { position: 'asc' },
  });
}
