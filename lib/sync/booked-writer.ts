import 'server-only';
import type { Context } from '#lib/context/context';
import { sqlStateOf } from '#lib/db/sql-state';
import type { SetAside } from '#lib/truelayer/rows';
import type { BookedRow } from './booked-rows.ts';
import { upsertBooked, type WrittenRow } from './upsert-booked.ts';
import type { Window } from './windows.ts';

/** Rows are sent to the database in batches of about this many. */
const BATCH_SIZE = 1000;

/**
 * Writes booked rows in batches. The database works on one batch while the next is parsed, and on nothing else: a connection
 * takes one statement at a time. A row that the database refuses is left out and listed; the others are stored.
 */
export function createBookedWriter(ctx: Context, account: { accountId: string; window: Window }) {
  let batch: WrittenRow[] = [];
  let writing: Promise<void> = Promise.resolve();
  const refused: SetAside[] = [];
  const write = async () => {
    const rows = batch;
    batch = [];
    await writing;
    writing = writeBatch(ctx, account, rows, refused);
    // Whoever writes next, or finishes, meets the failure.
    writing.catch(() => undefined);
  };
  return {
    refused,
    /** `id` is of the stored row that it is; null for a new one. */
    add: (row: BookedRow, id: string | null) => void batch.push({ ...row, id }),
    writeWhenFull: async () => {
      if (batch.length >= BATCH_SIZE) await write();
    },
    finish: async () => {
      await write();
      await writing;
    },
    /** Until nothing is on its way, whether it succeeded or not. */
    settle: async () => {
      await Promise.allSettled([writing]);
    },
  };
}

type Target = { accountId: string; window: Window };

async function writeBatch(
  ctx: Context,
  target: Target,
  rows: readonly WrittenRow[],
  refused: SetAside[],
): Promise<void> {
  if (rows.length === 0) return;
  await ctx.db.$executeRaw`savepoint booked_batch`;
  try {
    await upsertBooked(ctx, target, rows);
    await ctx.db.$executeRaw`release savepoint booked_batch`;
  } catch (error) {
    if (!isAboutValues(error)) throw error;
    await ctx.db.$executeRaw`rollback to savepoint booked_batch`;
    const [row] = rows;
    if (row !== undefined && rows.length === 1) {
      refused.push({ index: row.ordinal, reason: 'refused', path: '', raw: JSON.stringify(row.row) });
      return;
    }
    const middle = Math.ceil(rows.length / 2);
    await writeBatch(ctx, target, rows.slice(0, middle), refused);
    await writeBatch(ctx, target, rows.slice(middle), refused);
  }
}

/** PostgreSQL's classes of data exceptions, violated constraints and exceeded limits. */
function isAboutValues(error: unknown): boolean {
  return ['22', '23', '54'].includes(sqlStateOf(error)?.slice(0, 2) ?? '');
}
