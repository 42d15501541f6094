import 'server-only';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { dayOf } from '#lib/time/day';
import { parseSchedule, type Schedule } from '#lib/truelayer/schedule';
import { requireAccount } from './own-account.ts';

export type DirectDebitLine = {
  name: string;
  status: string | null;
  reference: string | null;
  lastPaidOn: string | null;
  lastAmount: string | null;
  currency: string;
};

export type StandingOrderLine = {
  payee: string | null;
  reference: string | null;
  status: string | null;
  schedule: Schedule;
  nextOn: string | null;
  nextAmount: string | null;
  /** Null: until further notice. */
  finalOn: string | null;
  currency: string;
};

export type RegularPayments = {
  directDebits: DirectDebitLine[];
  standingOrders: StandingOrderLine[];
  seenAt: Date | null;
};

const DEBIT = {
  name: true,
  status: true,
  reference: true,
  previousPaidOn: true,
  previousPaidAmount: true,
  currency: true,
  seenAt: true,
} satisfies Prisma.DirectDebitSelect;

const ORDER = {
  payee: true,
  reference: true,
  status: true,
  frequency: true,
  nextOn: true,
  nextAmount: true,
  finalOn: true,
  currency: true,
  seenAt: true,
} satisfies Prisma.StandingOrderSelect;

/**
 * What leaves the account regularly, as the bank lists it.
 * @throws {NotFoundError}
 */
export async function listPayments(ctx: Context, { accountId }: { accountId: string }): Promise<RegularPayments> {
  const account = await requireAccount(ctx, accountId);
  const inOrder = { where: { accountId: account.id }, orderBy: { position: 'asc' } } as const;
  const debits = await ctx.db.directDebit.findMany({ ...inOrder, select: DEBIT });
  const orders = await ctx.db.standingOrder.findMany({ ...inOrder, select: ORDER });
  return {
    directDebits: debits.map((row) => ({
      name: row.name.trim(),
      status: row.status,
      reference: row.reference,
      lastPaidOn: row.previousPaidOn === null ? null : dayOf(row.previousPaidOn),
      lastAmount: row.previousPaidAmount?.toFixed() ?? null,
      currency: row.currency ?? account.currency,
    })),
    standingOrders: orders.map((row) => ({
      payee: row.payee?.trim() ?? null,
      reference: row.reference,
      status: row.status,
      schedule: parseSchedule(row.frequency),
      nextOn: row.nextOn === null ? null : dayOf(row.nextOn),
      nextAmount: row.nextAmount?.toFixed() ?? null,
      finalOn: row.finalOn === null ? null : dayOf(row.finalOn),
      currency: row.currency ?? account.currency,
    })),
    seenAt: debits[0]?.seenAt ?? orders[0]?.seenAt ?? null,
  };
}
