import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { placeEdits } from '#lib/accounts/place-edits';
import type { Context } from '#lib/context/context';
import { addDays, type Day } from '#lib/time/day';
import type { TransactionBatch } from '#lib/truelayer/parse';
import type { SetAside } from '#lib/truelayer/rows';
import { type BookedRow, readBooked } from './booked-rows.ts';
import { pairRows, type Rekeying, type RowFacts, toRowFacts, withOneSpelling } from './pair-rows.ts';
import { upsertBooked } from './upsert-booked.ts';
import type { Window } from './windows.ts';

export type BookedAnswer = {
  accountId: string;
  /** The days that were asked for; what a bank sends besides is left alone. */
  window: Window;
  batches: Iterable<TransactionBatch>;
  /**
   * The days of which the answer surely has every row, so that a row that isn't there has gone. Null when rows are known or
   * suspected to have been left out: then nothing is taken for vanished.
   */
  surely: Window | null;
  /** A bank may return less of the deep past than it was asked for, in silence: then older rows haven't gone. */
  mayBeClamped?: boolean;
};

export type BookedOutcome = {
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
};

/** Rows are sent to the database in lots of about this many. */
const LOT = 1000;
/** New rows that are held back to be compared with what seems to be gone. */
const MOST_HELD = 4000;
/** An empty answer where there were more rows than this is taken for the bank's trouble and not for the truth. */
const MOST_VANISHING_AT_ONCE = 5;

/**
 * Brings an account's booked rows of one window to what the bank's answer says, in the caller's transaction: new rows come,
 * changed rows change, rows that are gone are marked as vanished, and equal rows cost nothing. Twice is the same as once.
 */
export async function storeBooked(ctx: Context, answer: BookedAnswer): Promise<BookedOutcome> {
  const { accountId, window } = answer;
  await ctx.db.$queryRaw`select id from accounts where id = ${accountId}::uuid for update`;
  const stored = await loadStored(ctx, accountId, window);
  const writer = createWriter(ctx, accountId);
  try {
    const outcome = await storeRows(ctx, answer, { stored, writer });
    await placeEdits(ctx, accountId);
    return outcome;
  } finally {
    // Where it broke off, what is still on its way comes to its end before the rollback.
    await Promise.allSettled([writer.rest()]);
  }
}

type Storing = { stored: Map<string, string>; writer: ReturnType<typeof createWriter> };

async function storeRows(ctx: Context, answer: BookedAnswer, { stored, writer }: Storing): Promise<BookedOutcome> {
  const { window } = answer;
  const isUpdate = stored.size > 0;
  const outcome: BookedOutcome = {
    added: 0,
    changed: 0,
    vanished: 0,
    setAside: [],
    rowCount: 0,
    oldest: null,
    newest: null,
    rowsOnNewest: 0,
  };
  const added: BookedRow[] = [];
  for (const { rows, setAside } of readBooked(answer.batches)) {
    outcome.setAside.push(...setAside);
    for (const row of rows) {
      const { day } = row.row.timestamp;
      if (day < window.from || day > window.to) continue;
      countIn(outcome, day);
      const known = stored.get(row.identityKey);
      stored.delete(row.identityKey);
      if (known === row.contentHash) continue;
      if (known === undefined) outcome.added++;
      else outcome.changed++;
      // New among old ones: each may be an old one under a new key, so these wait until all are seen.
      if (known === undefined && isUpdate && added.length < MOST_HELD) added.push(row);
      else writer.add(row);
    }
    await writer.writeWhenFull();
    // What was written leaves for the database now, and not when the next rows are parsed.
    await nextTurn();
  }
  if (stored.size > 0 && isBelievable(outcome.rowCount, stored.size)) {
    await writer.rest();
    await settleOrphans(ctx, answer, { stored, added, outcome });
  }
  for (const row of added) writer.add(row);
  await writer.finish();
  return outcome;
}

function countIn(outcome: BookedOutcome, day: Day): void {
  outcome.rowCount++;
  if (outcome.oldest === null || day < outcome.oldest) outcome.oldest = day;
  if (outcome.newest !== null && day < outcome.newest) return;
  outcome.rowsOnNewest = day === outcome.newest ? outcome.rowsOnNewest + 1 : 1;
  outcome.newest = day;
}

/** The database works on one lot while the next is parsed, and on nothing else: a connection takes one statement at a time. */
function createWriter(ctx: Context, accountId: string) {
  let lot: BookedRow[] = [];
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    const rows = lot;
    lot = [];
    await writing;
    writing = upsertBooked(ctx, accountId, rows);
    // Whoever writes next, or finishes, meets the failure.
    writing.catch(() => undefined);
  };
  return {
    add: (row: BookedRow) => void lot.push(row),
    writeWhenFull: async () => {
      if (lot.length >= LOT) await write();
    },
    /** Until nothing is on its way, so that somebody else may use the transaction. */
    rest: () => writing,
    finish: async () => {
      await write();
      await writing;
    },
  };
}

/** Key and content of what the window holds now. As one text: thousands of small rows would cost more than all the rest. */
async function loadStored(ctx: Context, accountId: string, { from, to }: Window): Promise<Map<string, string>> {
  const [row] = await ctx.db.$queryRaw<[{ keys: string | null }]>`
    select string_agg(identity_key || e'\t' || content_hash, e'\n') as keys from transactions
    where account_id = ${accountId}::uuid and booked_on between ${from}::date and ${to}::date and vanished_at is null`;
  const lines = row.keys === null ? [] : row.keys.split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf('\t')), line.slice(line.lastIndexOf('\t') + 1)]));
}

function isBelievable(rowCount: number, missing: number): boolean {
  return rowCount > 0 || missing <= MOST_VANISHING_AT_ONCE;
}

type Orphanage = {
  stored: ReadonlyMap<string, string>;
  added: readonly BookedRow[];
  outcome: BookedOutcome;
};

/** What is stored and was not in the answer is either there under another key, or has vanished. */
async function settleOrphans(ctx: Context, answer: BookedAnswer, orphanage: Orphanage): Promise<void> {
  const { accountId, window } = answer;
  const { stored, added, outcome } = orphanage;
  const orphans = await ctx.db.$queryRaw<RowFacts[]>`
    select identity_key as "identityKey", booked_on::text as day, amount::text, currency, description from transactions
    where account_id = ${accountId}::uuid and identity_key = any(${[...stored.keys()]}::text[])
      and booked_on between ${window.from}::date and ${window.to}::date and vanished_at is null
    order by booked_on, position, identity_key`;
  const settled = settledDays(answer, outcome);
  const pairs = pairWithin(settled, orphans.map(withOneSpelling), added.map(toRowFacts));
  await rekey(ctx, accountId, pairs);
  outcome.added -= pairs.length;
  outcome.changed += pairs.length;
  if (answer.surely === null || settled === null) return;
  const now = ctx.clock.now();
  outcome.vanished = await ctx.db.$executeRaw`
    update transactions set vanished_at = ${now}, changed_at = ${now}
    where account_id = ${accountId}::uuid and identity_key = any(${orphans.map(({ identityKey }) => identityKey)}::text[])
      and booked_on between ${settled.from}::date and ${settled.to}::date and vanished_at is null`;
}

/** A row that had gone under the new key is the same one: it makes way, and leaves a person's words to the one that stays. */
async function rekey(ctx: Context, accountId: string, pairs: readonly Rekeying[]): Promise<void> {
  if (pairs.length === 0) return;
  const befores = pairs.map(({ from }) => from);
  const afters = pairs.map(({ to }) => to);
  await ctx.db.$executeRaw`
    update transaction_edits e set transaction_id = t.id
    from unnest(${befores}::text[], ${afters}::text[]) as p (before, after)
    join transactions t on t.account_id = ${accountId}::uuid and t.identity_key = p.before
    join transactions g on g.account_id = ${accountId}::uuid and g.identity_key = p.after and g.vanished_at is not null
    where e.transaction_id = g.id and not exists (select from transaction_edits x where x.transaction_id = t.id)`;
  await ctx.db.$executeRaw`
    delete from transactions
    where account_id = ${accountId}::uuid and identity_key = any(${afters}::text[]) and vanished_at is not null`;
  await ctx.db.$executeRaw`
    update transactions t set identity_key = p.after
    from unnest(${befores}::text[], ${afters}::text[]) as p (before, after)
    where t.account_id = ${accountId}::uuid and t.identity_key = p.before
      and not exists (select from transactions x where x.account_id = t.account_id and x.identity_key = p.after)`;
}

/** Days of which the answer has every row: what was left out, if anything, lies beyond its oldest and its newest. */
function settledDays({ surely, mayBeClamped }: BookedAnswer, { oldest, newest }: BookedOutcome): Window | null {
  if (oldest === null || newest === null) return surely;
  if (surely === null) return { from: addDays(oldest, 1), to: addDays(newest, -1) };
  const from = mayBeClamped === true && oldest >= surely.from ? addDays(oldest, 1) : surely.from;
  return { from, to: surely.to };
}

/** Where a day may be there in part, a row that isn't may only be one of the same day: any other may be its twin. */
function pairWithin(settled: Window | null, orphans: readonly RowFacts[], added: readonly RowFacts[]): Rekeying[] {
  const isSettled = ({ day }: RowFacts) => settled !== null && day >= settled.from && day <= settled.to;
  const pairs = pairRows(orphans.filter(isSettled), added);
  const taken = new Set(pairs.map(({ to }) => to));
  const left = added.filter(({ identityKey }) => !taken.has(identityKey));
  const byDay = Map.groupBy(
    orphans.filter((orphan) => !isSettled(orphan)),
    ({ day }) => day,
  );
  const onDays = [...byDay].flatMap(([day, ofDay]) =>
    pairRows(
      ofDay,
      left.filter((row) => row.day === day),
    ),
  );
  return [...pairs, ...onDays];
}
