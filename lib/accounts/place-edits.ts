import 'server-only';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { addDays, dayOf, startOf } from '#lib/time/day';
import { type BookedCandidate, LATEST_BOOKING_DAYS, matchEdit, type WaitingEdit } from './match-edit.ts';

/**
 * Carries what a person wrote on a pending row, which is gone, to the booked row that it has surely become. In the
 * transaction that stores booked or pending rows; what finds no place waits for the next one.
 */
export async function placeEdits(ctx: Context, accountId: string): Promise<void> {
  const waiting = await ctx.db.transactionEdit.findMany({
    where: { accountId, transactionId: null, pendingId: null },
    select: WAITING,
    orderBy: { createdAt: 'asc' },
  });
  for (const row of waiting) {
    const edit = toWaitingEdit(row);
    if (edit === null) continue;
    const match = matchEdit(edit, await listCandidates(ctx, accountId, edit));
    if (match === null) continue;
    await ctx.db.transactionEdit.update({
      where: { id: row.id },
      data: { transactionId: match },
      select: { id: true },
    });
  }
}

const WAITING = {
  id: true,
  pendingMadeOn: true,
  pendingEffect: true,
  pendingCurrency: true,
  pendingDescription: true,
  pendingFirstSeenAt: true,
} satisfies Prisma.TransactionEditSelect;

type WaitingRow = Prisma.TransactionEditGetPayload<{ select: typeof WAITING }>;

function toWaitingEdit(row: WaitingRow): WaitingEdit | null {
  const { pendingMadeOn, pendingEffect, pendingCurrency, pendingDescription, pendingFirstSeenAt } = row;
  if (pendingMadeOn === null || pendingEffect === null || pendingFirstSeenAt === null) return null;
  return {
    madeOn: dayOf(pendingMadeOn),
    effect: pendingEffect,
    currency: pendingCurrency ?? '',
    description: pendingDescription ?? '',
    firstSeenAt: pendingFirstSeenAt,
  };
}

async function listCandidates(ctx: Context, accountId: string, edit: WaitingEdit): Promise<BookedCandidate[]> {
  const rows = await ctx.db.transaction.findMany({
    where: {
      accountId,
      vanishedAt: null,
      edit: null,
      bookedOn: { gte: startOf(addDays(edit.madeOn, -1)), lte: startOf(addDays(edit.madeOn, LATEST_BOOKING_DAYS)) },
    },
    select: {
      id: true,
      bookedOn: true,
      effect: true,
      currency: true,
      description: true,
      merchantName: true,
      firstSeenAt: true,
    },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => ({ ...row, bookedOn: dayOf(row.bookedOn) }));
}
