import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { placeEdits } from '#lib/accounts/place-edits';
import type { Context } from '#lib/context/context';
import type { TimeZone } from '#lib/time/calendar';
import type { Day } from '#lib/time/day';
import type { TransactionBatch } from '#lib/truelayer/parse';
import type { Batch, SetAside } from '#lib/truelayer/rows';
import type { Transaction } from '#lib/truelayer/transactions';
import { lastDayToAsk, lockAccount } from './account-calendar.ts';
import { readBooked } from './booked-rows.ts';
import { createBookedWriter } from './booked-writer.ts';
import { dateRows } from './date-rows.ts';
import { loadUndated } from './load-undated.ts';
import {
  type ChangePlan,
  type Doubt,
  decideChanges,
  idsOnBothSides,
  setEqualRowsAside,
  settledDays,
} from './matching/decide-changes.ts';
import { findMovedOverEdge } from './matching/find-moved-over-edge.ts';
import { loadOpenRows, loadSharedIds, loadStoredCounts, type StoredCounts } from './matching/load-stored.ts';
import { WindowReading } from './matching/read-window.ts';
import { acceptedDays, isAccepted, type Window } from './windows.ts';

export type BookedAnswer = {
  accountId: string;
  /** The days that were asked for; what a bank sends besides is left alone, save for rows that it dates ahead of today. */
  window: Window;
  /** Walked again where rows differ from what is stored. */
  batches: Iterable<TransactionBatch>;
  /**
   * The days of which the answer surely has every row, so that a row that isn't there has gone. Null when rows are known or
   * suspected to have been left out: then nothing is taken for removed.
   */
  surely: Window | null;
  /** A bank may return less of the deep past than it was asked for, in silence: then older rows haven't gone. */
  mayBeClamped?: boolean;
  /** Doubts that no longer stand against the answer, because the bank has repeated it for days. */
  accepts?: readonly Doubt[];
};

export type BookedOutcome = {
  /** False when the answer contradicts too much of what is stored. Then nothing was written, and it covers no day. */
  isBelieved: boolean;
  added: number;
  changed: number;
  vanished: number;
  setAside: SetAside[];
  /** Of the rows that lie in the window. */
  rowCount: number;
  oldest: Day | null;
  newest: Day | null;
  /** How many of them are of the newest day. */
  rowsOnNewest: number;
  /** Days before the window that have to be asked for again: a booking may have been moved over the window's edge. */
  recheck: Window | null;
};

/**
 * Brings an account's booked rows of one window to what the bank's answer says, in the caller's transaction: new rows are added,
 * changed rows are changed, rows that are gone are marked as removed, and equal rows cost nothing. Rows outside the window are
 * neither compared nor written. Twice is the same as once.
 */
export async function storeBooked(ctx: Context, received: BookedAnswer): Promise<BookedOutcome> {
  const { accountId } = received;
  // One answer of an account at a time: what is decided about its rows stays true until it is written.
  const zone = await lockAccount(ctx, accountId);
  const answer = toDated(ctx, received, { zone, undated: await loadUndated(ctx, accountId) });
  const stored = await loadStoredCounts(ctx, accountId, answer.window);
  const isFirst = stored.visibleCount + stored.removedCount + stored.beforeCount === 0;
  const outcome = isFirst ? await storeFirst(ctx, answer) : await storeChanges(ctx, answer, stored);
  if (outcome.isBelieved) await placeEdits(ctx, accountId);
  return outcome;
}

/** An answer in the account's calendar. Its window goes on without end where the answer may hold rows that are dated ahead. */
type DatedAnswer = Omit<BookedAnswer, 'batches'> & { batches: Iterable<Batch<Transaction>>; lastDay: Day };

function toDated(
  ctx: Context,
  answer: BookedAnswer,
  { zone, undated }: { zone: TimeZone; undated: ReadonlyMap<string, readonly Day[]> },
): DatedAnswer {
  const window = acceptedDays(answer.window, lastDayToAsk(zone, ctx.clock.now()));
  const { surely } = answer;
  const { to: lastDay } = answer.window;
  const dating = { zone, lastDay, isInWindow: (day: Day) => isAccepted(window, day), undated };
  return {
    ...answer,
    window,
    lastDay,
    batches: { [Symbol.iterator]: () => dateRows(answer.batches, dating) },
    // An answer that has every row of the last day has every row that is dated ahead.
    surely: surely !== null && surely.to === lastDay ? { from: surely.from, to: window.to } : surely,
  };
}

/** Where the window holds nothing yet, rows are written as they are read. */
async function storeFirst(ctx: Context, answer: DatedAnswer): Promise<BookedOutcome> {
  const reading = new WindowReading(answer);
  const writer = createBookedWriter(ctx, answer);
  try {
    for (const rows of reading.rows()) {
      for (const row of rows) writer.add(row, null);
      await writer.writeWhenFull();
      // What was written leaves for the database now, and not when the next rows are parsed.
      await nextTurn();
    }
    await writer.finish();
  } finally {
    // Where it broke off, what is still on its way comes to its end before the rollback.
    await writer.settle();
  }
  const late = reading.lateRows.map(({ key }) => [key, null] as const);
  const refused = [...writer.refused, ...(await writeRows(ctx, answer, new Map(late)))];
  return toOutcome(reading, { added: reading.rowCount - refused.length, refused });
}

async function storeChanges(ctx: Context, answer: DatedAnswer, stored: StoredCounts): Promise<BookedOutcome> {
  const { accountId, window } = answer;
  const reading = new WindowReading(answer);
  const plan = await planChanges(ctx, answer, { reading, stored });
  if (plan.doubt !== null) {
    const facts = { accountId, from: window.from, to: window.to, rows: reading.rowCount, stored: stored.visibleCount };
    ctx.log.warn({ event: 'sync.answer_not_believed', reason: plan.doubt, ...facts }, 'an answer was not believed');
    return { ...toOutcome(reading, {}), isBelieved: false };
  }
  const { added, removed, written } = plan;
  const recheck = await findMovedOverEdge(ctx, answer, { plan, stored });
  if (removed.length > 0)
    await markRemoved(
      ctx,
      answer,
      removed.map(({ id }) => id),
    );
  const refused = await writeRows(ctx, answer, written);
  const appeared = added.length + plan.revivedCount;
  const outcome = toOutcome(reading, {
    added: appeared - refused.length,
    changed: written.size - appeared,
    vanished: removed.length,
    refused,
  });
  return { ...outcome, recheck };
}

async function planChanges(
  ctx: Context,
  answer: DatedAnswer,
  { reading, stored }: { reading: WindowReading; stored: StoredCounts },
): Promise<ChangePlan> {
  const { accountId, window } = answer;
  const { visibleCount } = stored;
  const { received, missing } = await setEqualRowsAside(reading, stored.byHash);
  const settled = settledDays(answer, reading);
  const isOpen = missing.size > 0 || (received.length > 0 && stored.removedCount > 0);
  const rows = isOpen ? await loadOpenRows(ctx, accountId, { window, missing, settled }) : [];
  const sharedIds = await loadSharedIds(ctx, accountId, idsOnBothSides(rows, received));
  return decideChanges({ reading, completeness: answer, visibleCount, received, stored: rows, sharedIds });
}

/** Walks the answer once more and writes those rows that are named, to the stored row that each is, or as a new one. */
async function writeRows(
  ctx: Context,
  answer: DatedAnswer,
  idByOrdinal: ReadonlyMap<number, string | null>,
): Promise<SetAside[]> {
  if (idByOrdinal.size === 0) return [];
  const writer = createBookedWriter(ctx, answer);
  try {
    for (const { rows } of readBooked(answer.batches)) {
      for (const row of rows) {
        const id = idByOrdinal.get(row.ordinal);
        if (id !== undefined) writer.add(row, id);
      }
      await writer.writeWhenFull();
      await nextTurn();
    }
    await writer.finish();
  } finally {
    await writer.settle();
  }
  return writer.refused;
}

async function markRemoved(ctx: Context, { accountId, window }: DatedAnswer, ids: readonly string[]): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.$executeRaw`
    update transactions set vanished_at = ${now}, changed_at = ${now}
    where id = any(${ids}::uuid[]) and account_id = ${accountId}::uuid and vanished_at is null
      and booked_on between ${window.from}::date and ${window.to}::date`;
}

type Written = { added?: number; changed?: number; vanished?: number; refused?: readonly SetAside[] };

function toOutcome(
  reading: WindowReading,
  { added = 0, changed = 0, vanished = 0, refused = [] }: Written,
): BookedOutcome {
  const { rowCount, oldest, newest, rowsOnNewest, setAside } = reading;
  return {
    isBelieved: true,
    added,
    changed,
    vanished,
    setAside: [...setAside, ...refused],
    rowCount,
    oldest,
    newest,
    rowsOnNewest,
    recheck: null,
  };
}
