import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { SNAPSHOT, toWaitingEdit } from '#lib/accounts/edit-snapshot';
import { loadCandidates } from '#lib/accounts/load-candidates';
import { CANDIDATE_DAYS, isRival, type MatchFacts, matchEdits } from '#lib/accounts/match-edit';
import { placeEdits } from '#lib/accounts/place-edits';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { dayIn, type TimeZone } from '#lib/time/calendar';
import { addDays, type Day, dayOf, startOf } from '#lib/time/day';
import type { ReceivedTransaction, Transaction } from '#lib/truelayer/transactions';
import { lockAccount } from './account-calendar.ts';
import { dateRow, onDay, undatedKey } from './date-rows.ts';
import { matchPending, type PendingFacts, type StoredPending } from './match-pending.ts';
import { withoutNul } from './without-nul.ts';

/**
 * The bank's whole current set takes the place of the one before, and nothing less than a complete answer does it. Never
 * made into booked rows: nothing that a pending row says survives its booking for certain.
 */
export async function storePending(
  ctx: Context,
  accountId: string,
  received: readonly ReceivedTransaction[],
): Promise<void> {
  const now = ctx.clock.now();
  const zone = await lockAccount(ctx, accountId);
  const stored = await loadStored(ctx, accountId);
  const rows = dateAll(withoutNul(received), stored, dayIn(zone, now), zone);
  const matches = await matchSet(ctx, accountId, { stored, rows });
  const kept = new Set(matches);
  await noteRivals(
    ctx,
    accountId,
    stored.filter(({ id }) => !kept.has(id)),
  );
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

/**
 * Matches the last set with the new one. A row with words that would go on under another amount, while a booked row has the
 * amount that it had, has been booked: what is pending now is another purchase.
 */
async function matchSet(
  ctx: Context,
  accountId: string,
  { stored, rows }: { stored: readonly HeldPending[]; rows: readonly Transaction[] },
): Promise<(string | null)[]> {
  const fresh = rows.map(toPendingFacts);
  const matches = matchPending(stored, fresh);
  const amounts = new Map(matches.map((id, index) => [id, fresh[index]?.amount]));
  const grown = stored.filter(({ id, amount, hasWords }) => hasWords && amounts.has(id) && amounts.get(id) !== amount);
  const days = grown.map(({ day }) => day).sort();
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return matches;
  const span = { from: addDays(first, -CANDIDATE_DAYS.before), to: addDays(last, CANDIDATE_DAYS.after) };
  const candidates = await loadCandidates(ctx, accountId, span);
  const exact = new Map(candidates.map(({ id, effect }) => [id, effect]));
  const booked = matchEdits(
    grown.map((row) => ({ ...row, rival: null })),
    candidates,
  ).flatMap(({ editId, transactionId }) => {
    const row = grown.find(({ id }) => id === editId);
    return row !== undefined && exact.get(transactionId)?.equals(row.effect) === true ? [editId] : [];
  });
  if (booked.length === 0) return matches;
  return matchPending(
    stored.filter(({ id }) => !booked.includes(id)),
    fresh,
  );
}

/** Rows that disappear may be what is booked next: the words on others of the same merchant are told apart by less. */
async function noteRivals(ctx: Context, accountId: string, gone: readonly HeldPending[]): Promise<void> {
  if (gone.length === 0) return;
  const edits = await ctx.db.transactionEdit.findMany({
    where: {
      accountId,
      transactionId: null,
      isDetached: false,
      OR: [{ rival: null }, { rival: 'same_merchant' }],
    },
    select: { ...SNAPSHOT, pendingId: true },
  });
  for (const edit of edits) {
    const facts = toWaitingEdit(edit);
    if (facts === null) continue;
    const rivals = gone.filter((row) => row.id !== edit.pendingId && isRival(facts, row));
    if (rivals.length === 0) continue;
    const rival = rivals.some(({ effect }) => effect.equals(facts.effect)) ? 'same_amount' : 'same_merchant';
    await ctx.db.transactionEdit.update({ where: { id: edit.id }, data: { rival }, select: { id: true } });
  }
}

/** A row without a date keeps the day on which it was first seen. */
function dateAll(
  received: readonly ReceivedTransaction[],
  stored: readonly HeldPending[],
  today: Day,
  zone: TimeZone,
): Transaction[] {
  const undated = new Map<string, Day[]>();
  for (const row of stored) {
    const key = undatedKey(row);
    if (row.isUndated) undated.set(key, [...(undated.get(key) ?? []), row.day]);
  }
  return received.map((row) => dateRow(row, zone) ?? onDay(row, undated.get(undatedKey(row))?.shift() ?? today));
}

/** By what a pending row last said, the booked one is recognised that takes its place. */
async function rememberForEdits(ctx: Context, accountId: string): Promise<void> {
  await ctx.db.$executeRaw`
    update transaction_edits e set snapshot_day = p.made_on, snapshot_effect = p.effect, snapshot_currency = p.currency,
      snapshot_description = p.description, snapshot_merchant_name = p.merchant_name, snapshot_coding = p.category,
      snapshot_classification = p.classification
    from pending_transactions p where p.id = e.pending_id and e.account_id = ${accountId}::uuid`;
}

type HeldPending = StoredPending & MatchFacts & { hasWords: boolean; dateAsSent: string; isUndated: boolean };

async function loadStored(ctx: Context, accountId: string): Promise<HeldPending[]> {
  const rows = await ctx.db.pendingTransaction.findMany({
    where: { accountId },
    select: {
      id: true,
      truelayerId: true,
      madeOn: true,
      timestampText: true,
      dateDoubt: true,
      amount: true,
      effect: true,
      currency: true,
      description: true,
      merchantName: true,
      category: true,
      classification: true,
      firstSeenAt: true,
      edit: { select: { id: true } },
    },
    orderBy: { position: 'asc' },
  });
  return rows.map(({ truelayerId, madeOn, timestampText, dateDoubt, amount, category, edit, ...row }) => ({
    ...row,
    dateAsSent: timestampText,
    isUndated: dateDoubt === 'missing' || dateDoubt === 'unreadable',
    trueLayerId: truelayerId,
    day: dayOf(madeOn),
    amount: amount.toFixed(),
    coding: category,
    hasWords: edit !== null,
  }));
}

function toPendingFacts(row: Transaction): PendingFacts {
  return {
    trueLayerId: row.transactionId,
    day: row.timestamp.day,
    amount: row.amount,
    currency: row.currency,
    description: row.description,
    merchantName: row.merchant?.name ?? null,
    coding: row.category ?? 'UNKNOWN',
    classification: row.classification,
  };
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
    dateDoubt: row.dateDoubt,
    amountsAsSent: row.amountsAsSent ?? Prisma.DbNull,
  };
}
