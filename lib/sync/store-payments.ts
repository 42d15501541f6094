import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { startOf } from '#lib/time/day';
import type { DirectDebit, StandingOrder } from '#lib/truelayer/payment-schemas';
import { lockAccount } from './account-calendar.ts';
import { dayAt } from './date-rows.ts';
import { withoutNul } from './without-nul.ts';

/** Neither has an id to rely on, so each complete list takes the place of the one before. */
export async function storeDirectDebits(
  ctx: Context,
  accountId: string,
  debits: readonly DirectDebit[],
): Promise<void> {
  const seenAt = ctx.clock.now();
  const zone = await lockAccount(ctx, accountId);
  await ctx.db.directDebit.deleteMany({ where: { accountId } });
  await ctx.db.directDebit.createMany({
    data: withoutNul(debits).map((debit, position) => ({
      accountId,
      position,
      name: debit.name,
      status: debit.status,
      reference: debit.mandateReference,
      previousPaidOn: toDate(debit.previousPaymentAt === null ? null : dayAt(zone, debit.previousPaymentAt)),
      previousPaidAmount: debit.previousPaymentAmount,
      currency: debit.currency,
      meta: toJson(debit.meta),
      seenAt,
    })),
  });
}

export async function storeStandingOrders(
  ctx: Context,
  accountId: string,
  orders: readonly StandingOrder[],
): Promise<void> {
  const seenAt = ctx.clock.now();
  await ctx.db.standingOrder.deleteMany({ where: { accountId } });
  await ctx.db.standingOrder.createMany({
    data: withoutNul(orders).map((order, position) => ({
      accountId,
      position,
      frequency: order.frequency,
      status: order.status,
      payee: order.payee,
      reference: order.reference,
      currency: order.currency,
      nextOn: toDate(order.next.on),
      nextAmount: order.next.amount,
      firstOn: toDate(order.first.on),
      firstAmount: order.first.amount,
      finalOn: order.isOpenEnded ? null : toDate(order.final.on),
      finalAmount: order.isOpenEnded ? null : order.final.amount,
      meta: toJson(order.meta),
      seenAt,
    })),
  });
}

function toDate(day: string | null): Date | null {
  return day === null ? null : startOf(day);
}

function toJson(meta: DirectDebit['meta']): Prisma.InputJsonObject | typeof Prisma.DbNull {
  return meta ?? Prisma.DbNull;
}
