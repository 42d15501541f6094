import 'server-only';
import type { Context } from '#lib/context/context';
import { openText } from '#lib/crypto/seal';
import type { Prisma } from '#lib/db/generated/client';
import { VISIBLE } from '#lib/db/visible-transaction';
import { dayOf } from '#lib/time/day';
import { toJson } from './export-rows.ts';

export async function listAccountIds(ctx: Context, userId: string, connectionId: string): Promise<string[]> {
  const rows = await ctx.db.bankAccount.findMany({
    where: { userId, connectionId },
    select: { id: true },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id }) => id);
}

const ACCOUNT = {
  id: true,
  kind: true,
  type: true,
  displayName: true,
  ownName: true,
  hiddenAt: true,
  syncStoppedAt: true,
  joinedIntoId: true,
  currency: true,
  numberSealed: true,
  cardNetwork: true,
  currentBalance: true,
  availableBalance: true,
  overdraft: true,
  creditLimit: true,
  balanceAt: true,
  goneAt: true,
  balances: { select: { readAt: true, current: true, available: true, currency: true }, orderBy: { readAt: 'asc' } },
  pending: {
    select: {
      madeOn: true,
      timestampText: true,
      dateDoubt: true,
      description: true,
      amount: true,
      currency: true,
      merchantName: true,
      edit: { select: { note: true, category: true, merchantName: true, isTransfer: true } },
    },
  },
  directDebits: {
    select: {
      name: true,
      status: true,
      reference: true,
      previousPaidOn: true,
      previousPaidAmount: true,
      currency: true,
    },
  },
  standingOrders: {
    select: { frequency: true, payee: true, reference: true, nextOn: true, nextAmount: true, currency: true },
  },
  // What the user wrote on transactions that are no longer there.
  edits: {
    where: { OR: [{ transactionId: null, pendingId: null }, { transaction: { vanishedAt: { not: null } } }] },
    select: {
      note: true,
      category: true,
      merchantName: true,
      isTransfer: true,
      snapshotDay: true,
      snapshotDescription: true,
      snapshotEffect: true,
      snapshotCurrency: true,
    },
  },
  recurring: { select: { merchantName: true, cadence: true, amount: true, currency: true, nextOn: true } },
} satisfies Prisma.BankAccountSelect;

export async function exportAccount(ctx: Context, accountId: string) {
  const { numberSealed, ...row } = await ctx.db.bankAccount.findUniqueOrThrow({
    where: { id: accountId },
    select: ACCOUNT,
  });
  const cell = { table: 'accounts', column: 'number_sealed', rowId: accountId };
  return { ...row, numbers: numberSealed === null ? null : toJson(openText(cell, numberSealed)) };
}

const PAGE = 1000;
const TRANSACTION = {
  id: true,
  bookedOn: true,
  bookedAt: true,
  timestampText: true,
  dateDoubt: true,
  amountsAsSent: true,
  description: true,
  amount: true,
  effect: true,
  currency: true,
  type: true,
  category: true,
  classification: true,
  merchantName: true,
  runningBalance: true,
  meta: true,
  edit: { select: { note: true, category: true, merchantName: true, isTransfer: true } },
} satisfies Prisma.TransactionSelect;

/** Oldest first, a page at a time. Amounts are text: a number of JSON's would round them. */
export async function* exportTransactions(ctx: Context, accountId: string): AsyncGenerator<string> {
  let after: string | null = null;
  let comma = '';
  for (;;) {
    const rows: Prisma.TransactionGetPayload<{ select: typeof TRANSACTION }>[] = await ctx.db.transaction.findMany({
      // Also what a joined account shows: the file may hold one of the two only.
      where: { accountId, vanishedAt: VISIBLE.vanishedAt, hiddenBy: VISIBLE.hiddenBy },
      select: TRANSACTION,
      orderBy: [{ bookedOn: 'asc' }, { position: 'asc' }, { id: 'asc' }],
      take: PAGE,
      ...(after === null ? {} : { cursor: { id: after }, skip: 1 }),
    });
    if (rows.length === 0) return;
    yield rows.map((row, index) => `${index === 0 ? comma : ','}\n${toLine(row)}`).join('');
    comma = ',';
    after = rows.at(-1)?.id ?? null;
  }
}

function toLine({ bookedOn, ...row }: Prisma.TransactionGetPayload<{ select: typeof TRANSACTION }>): string {
  return JSON.stringify({ bookedOn: dayOf(bookedOn), ...row });
}
