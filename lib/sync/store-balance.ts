import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { startOf } from '#lib/time/day';
import type { AccountBalance, CardBalance } from '#lib/truelayer/account-schemas';
import { withUsualSigns } from './card-signs.ts';
import { UNKNOWN_CURRENCY } from './known-accounts.ts';

/** Adds a reading to the account's history and makes it the current balance. The same reading twice is one. */
export async function storeBalance(
  ctx: Context,
  accountId: string,
  read: AccountBalance | CardBalance,
  readAt: Date,
): Promise<void> {
  const balance = read.kind === 'card' ? withUsualSigns(read) : read;
  const account = await ctx.db.bankAccount.findUniqueOrThrow({ where: { id: accountId }, select: { currency: true } });
  const currency = balance.currency ?? account.currency;
  const amounts = {
    current: balance.current,
    available: balance.available,
    overdraft: balance.kind === 'account' ? balance.overdraft : null,
    creditLimit: balance.kind === 'card' ? balance.creditLimit : null,
  };
  const reading = {
    ...amounts,
    ...statementOf(balance),
    currency,
    amountsAsSent: balance.amountsAsSent ?? Prisma.DbNull,
    bankUpdatedAt: balance.updatedAt,
  };
  await ctx.db.balanceReading.upsert({
    where: { accountId_readAt: { accountId, readAt } },
    create: { accountId, readAt, ...reading },
    update: reading,
    select: { accountId: true },
  });
  await ctx.db.bankAccount.updateMany({
    where: { id: accountId, OR: [{ balanceAt: null }, { balanceAt: { lte: readAt } }] },
    data: {
      currentBalance: amounts.current,
      availableBalance: amounts.available,
      overdraft: amounts.overdraft,
      creditLimit: amounts.creditLimit,
      balanceCurrency: currency,
      ...(account.currency === UNKNOWN_CURRENCY ? { currency } : {}),
      balanceAt: readAt,
    },
  });
}

function statementOf(balance: AccountBalance | CardBalance) {
  if (balance.kind === 'account') return {};
  return {
    lastStatementBalance: balance.lastStatementBalance,
    lastStatementOn: balance.lastStatementOn === null ? null : startOf(balance.lastStatementOn),
    paymentDue: balance.paymentDue,
    paymentDueOn: balance.paymentDueOn === null ? null : startOf(balance.paymentDueOn),
  };
}
