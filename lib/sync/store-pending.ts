import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { placeEdits } from '#lib/accounts/place-edits';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { dayOf, startOf } from '#lib/time/day';
import type { Transaction } from '#lib/truelayer/transactions';
import { matchPending, type StoredPending } from './match-pending.ts';
import { withoutNul } from './without-nul.ts';

/**
 * The bank's whole current set takes the place of the one before, and nothing less than a complete answer does it. Never
 * made into booked rows: nothing that a pending row says survives its booking for certain.
 */
export async function storePending(ctx: Context, accountId: string, received: readonly Transaction[]): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.$queryRaw`select id from accounts where id = ${accountId}::uuid for update`;
  const rows = withoutNul(received);
  const matches = matchPending(await loadStored(ctx, accountId), rows);
  await ctx.db.pendingTransaction.deleteMany({
    where: { accountId, id: { notIn: matches.filter((id) => id !== null) } },
  });
  for (const [position, row] of rows.entries()) {
    const values = { ...toValues(row), position, seenAt: now };
    const id = matches[position] ?? uuidv7();
    await ctx.db.pendingTransaction.upsert({
      where: { id },
      create: { id, accountId, ...values, firstSeenAt: now },
      update: values,
      select: { id: true },
    });
  }
  await ctx.db.bankAccount.update({ where: { id: accountId }, data: { pendingAt: now }, select: { id: true } });
  await rememberForEdits(ctx, accountId);
  await placeEdits(ctx, accountId);
}

/** By what a pending row last said, the booked one is recognised that takes its place. */
async function rememberForEdits(ctx: Context, accountId: string): Promise<void> {
  await ctx.db.$executeRaw`
    update transaction_edits e set pending_made_on = p.made_on, pending_effect = p.effect, pending_currency = p.currency,
      pending_description = p.description
    from pending_transactions p where p.id = e.pending_id and e.account_id = ${accountId}::uuid`;
}

async function loadStored(ctx: Context, accountId: string): Promise<StoredPending[]> {
  const rows = await ctx.db.pendingTransaction.findMany({
    where: { accountId },
    select: { id: true, truelayerId: true, madeOn: true, amount: true, currency: true, description: true },
    orderBy: { position: 'asc' },
  });
  return rows.map(({ truelayerId, madeOn, amount, ...row }) => ({
    ...row,
    trueLayerId: truelayerId,
    day: dayOf(madeOn),
    amount: amount.toFixed(),
  }));
}

function toValues(row: Transaction) {
  return {
    truelayerId: row.transactionId,
    madeOn: startOf(row.timestamp.day),
    timestampText: row.timestamp.raw,
    description: row.description,
    amount: row.amount,
    effect: row.effect,
    currency: row.currency,
    type: row.type ?? 'UNKNOWN',
    category: row.category ?? 'UNKNOWN',
    classification: row.classification,
    merchantName: row.merchant?.name ?? null,
    meta: row.meta ?? Prisma.DbNull,
  };
}
