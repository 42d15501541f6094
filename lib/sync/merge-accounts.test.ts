import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { parseTransactions } from '#lib/truelayer/parse';
import { mergeAccounts } from './merge-accounts.ts';
import { noteAccountResource, okAt } from './note-resource.ts';
import { storeBooked } from './store-booked.ts';
import { sureDays } from './windows.ts';

const WINDOW = { from: '2026-03-01', to: '2026-03-10' };

const toWire = (description: string) => ({
  transaction_id: description,
  timestamp: '2026-03-05T00:00:00Z',
  description,
  amount: description === 'RENT' ? -900 : -5,
  currency: 'GBP',
  transaction_type: 'DEBIT',
  transaction_category: 'PURCHASE',
  transaction_classification: [],
});

async function answer(ctx: Context, accountId: string, descriptions: readonly string[]): Promise<void> {
  const body = Buffer.from(JSON.stringify({ results: descriptions.map(toWire), status: 'Succeeded' }));
  const { rows: batches } = parseTransactions(body, 'account');
  const surely = sureDays(WINDOW, WINDOW.to);
  await inTransaction(ctx, (tx) => storeBooked(tx, { accountId, window: WINDOW, batches, surely }));
}

async function note(ctx: Context, accountId: string, description: string): Promise<void> {
  const { id: transactionId } = await ctx.db.transaction.findFirstOrThrow({ where: { accountId, description } });
  const now = ctx.clock.now();
  await ctx.db.transactionEdit.create({
    data: { id: uuidv7(), accountId, transactionId, note: description, createdAt: now, changedAt: now },
    select: { id: true },
  });
}

const listNoted = async (ctx: Context, accountId: string) =>
  (
    await ctx.db.transaction.findMany({
      where: { accountId, vanishedAt: null },
      select: { description: true, edit: { select: { note: true } } },
      orderBy: { description: 'asc' },
    })
  ).map(({ description, edit }) => `${description}: ${edit?.note ?? ''}`);

async function twoAccounts() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const into = await addAccount(ctx);
  const from = await addAccount(ctx, into);
  const merge = () => inTransaction(ctx, (tx) => mergeAccounts(tx, { fromId: from.accountId, intoId: into.accountId }));
  return { ctx, intoId: into.accountId, fromId: from.accountId, merge };
}

test('a row that had gone from the earlier account, and is in the later one, stands in nobody’s way', async () => {
  const { ctx, intoId, fromId, merge } = await twoAccounts();
  await answer(ctx, intoId, ['COFFEE', 'RENT']);
  await answer(ctx, intoId, ['RENT']);
  await answer(ctx, intoId, ['COFFEE SHOP', 'RENT']);
  await note(ctx, intoId, 'COFFEE SHOP');
  await answer(ctx, fromId, ['COFFEE', 'RENT']);
  await merge();
  expect(await listNoted(ctx, intoId)).toEqual(['COFFEE: COFFEE SHOP', 'RENT: ']);
});

test('what was said of a row that had gone is said of it when the later account has it again', async () => {
  const { ctx, intoId, fromId, merge } = await twoAccounts();
  await answer(ctx, intoId, ['COFFEE', 'RENT']);
  await note(ctx, intoId, 'COFFEE');
  await answer(ctx, intoId, ['RENT']);
  await answer(ctx, fromId, ['COFFEE', 'RENT']);
  await merge();
  expect(await listNoted(ctx, intoId)).toEqual(['COFFEE: COFFEE', 'RENT: ']);
});

test('what the later account hasn’t fetched yet stays as the earlier one had it; what it has takes its place', async () => {
  const { ctx, intoId, fromId, merge } = await twoAccounts();
  const now = ctx.clock.now();
  const balance = (current: string) => ({ currentBalance: current, balanceCurrency: 'GBP', balanceAt: now });
  await ctx.db.bankAccount.update({
    where: { id: intoId },
    data: { ...balance('12.34'), historyLimitCode: 'invalid_date_range' },
  });
  const debit = (accountId: string, name: string) => ({ accountId, position: 0, name, seenAt: now });
  await ctx.db.directDebit.createMany({ data: [debit(intoId, 'EE')] });
  await ctx.db.standingOrder.createMany({
    data: [intoId, fromId].map((accountId) => ({ accountId, position: 0, frequency: accountId, seenAt: now })),
  });
  await noteAccountResource(ctx, fromId, 'standing_orders', okAt(now));
  await merge();
  expect(await ctx.db.bankAccount.findUniqueOrThrow({ where: { id: intoId } })).toMatchObject({
    balanceAt: now,
    balanceCurrency: 'GBP',
    historyLimitCode: 'invalid_date_range',
  });
  expect(await ctx.db.directDebit.findMany({ where: { accountId: intoId } })).toMatchObject([{ name: 'EE' }]);
  expect(await ctx.db.standingOrder.findMany({ where: { accountId: intoId } })).toMatchObject([{ frequency: fromId }]);
});
