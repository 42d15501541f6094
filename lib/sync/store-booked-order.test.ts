import { expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { database } from '#lib/db/client';
import { addAccount } from '#lib/testing/add-account';
import { addDays } from '#lib/time/day';
import { parseTransactions, type TransactionBatch } from '#lib/truelayer/parse';
import { storeBooked } from './store-booked.ts';

const window = { from: '2026-01-01', to: '2026-12-31' };
const MANY = 6000;

const aRow = (index: number, description: string) => ({
  transaction_id: 'x',
  timestamp: `${addDays(window.from, Math.floor(index / 50))}T00:00:00Z`,
  description,
  amount: -1 - index,
  currency: 'GBP',
  transaction_type: 'DEBIT',
  transaction_category: 'PURCHASE',
  transaction_classification: [],
});
const rows = (description: string, meta?: object) =>
  Array.from({ length: MANY }, (_, index) => ({ ...aRow(index, description), ...(meta && { meta }) }));
const answerOf = (results: readonly object[]) =>
  parseTransactions(Buffer.from(JSON.stringify({ results, status: 'Succeeded' })), 'account').rows;

function* breakingOff(batches: Iterable<TransactionBatch>, afterRows: number) {
  let count = 0;
  for (const batch of batches) {
    if (count >= afterRows) throw new Error('broken off');
    count += batch.items.length;
    yield batch;
  }
}

async function anAccount() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId } = await addAccount(ctx);
  return { ctx, accountId };
}

/** Stores, and gives the most statements of its transaction that were under way at once. */
async function storeWatched(ctx: Context, accountId: string, batches: Iterable<TransactionBatch>) {
  const seen = { now: 0, most: 0, atTheEnd: 0 };
  const watched = database().$extends({
    query: {
      async $allOperations({ args, query }) {
        seen.most = Math.max(seen.most, ++seen.now);
        try {
          return await query(args);
        } finally {
          seen.now--;
        }
      },
    },
  });
  const storing = watched.$transaction(async (tx) => {
    // An extended client has all that the plain one has.
    const within = { ...ctx, db: tx as unknown as Context['db'], isInTransaction: true };
    try {
      return await storeBooked(within, { accountId, window, batches, surely: window });
    } finally {
      seen.atTheEnd = seen.now;
    }
  });
  const [settled] = await Promise.allSettled([storing]);
  return { ...seen, settled };
}

test('a transaction takes one statement after another, however many lots are on their way', async () => {
  const { ctx, accountId } = await anAccount();
  expect(await storeWatched(ctx, accountId, answerOf(rows('SHOP')))).toMatchObject({
    most: 1,
    settled: { value: { added: MANY } },
  });
  // All of them differ, and some are gone: the last lot is on its way when these are looked for.
  const differing = answerOf(rows('SHOP', { provider_category: 'X' }).slice(7));
  expect(await storeWatched(ctx, accountId, differing)).toMatchObject({
    most: 1,
    settled: { value: { changed: MANY - 7, vanished: 7 } },
  });
});

test('an answer that breaks off is given up with nothing still on its way, and leaves nothing', async () => {
  const { ctx, accountId } = await anAccount();
  const broken = breakingOff(answerOf(rows('SHOP')), MANY / 2);
  expect(await storeWatched(ctx, accountId, broken)).toMatchObject({
    most: 1,
    atTheEnd: 0,
    settled: { reason: { message: 'broken off' } },
  });
  expect(await ctx.db.transaction.count({ where: { accountId } })).toBe(0);
});
