import { expect, test } from 'vitest';
import { detachNote } from '#lib/accounts/detach-note';
import { editTransaction } from '#lib/accounts/edit-transaction';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { parsePendingTransactions, parseTransactions } from '#lib/truelayer/parse';
import { storeBooked } from './store-booked.ts';
import { storePending } from './store-pending.ts';

type Row = { day: string; amount: number; text: string };

const row = (day: string, amount: number, text: string): Row => ({ day, amount, text });

function bodyOf(rows: readonly Row[]): Uint8Array {
  const results = rows.map(({ day, amount, text }) => ({
    transaction_id: crypto.randomUUID(),
    timestamp: `${day}T00:00:00Z`,
    description: text,
    amount,
    currency: 'GBP',
    transaction_type: 'DEBIT',
    transaction_category: 'PURCHASE',
  }));
  return Buffer.from(JSON.stringify({ results, status: 'Succeeded' }));
}

async function anAccount() {
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId, userId } = await addAccount(system);
  const ctx = actingAs(system, { kind: 'user', userId });
  const pend = (...rows: Row[]) =>
    inTransaction(system, (tx) => storePending(tx, accountId, parsePendingTransactions(bodyOf(rows), 'account').items));
  const book = (...rows: Row[]) => {
    const window = { from: '2026-03-01', to: '2026-03-20' };
    const { rows: batches } = parseTransactions(bodyOf(rows), 'account');
    return inTransaction(system, (tx) => storeBooked(tx, { accountId, window, batches, surely: null }));
  };
  return { system, ctx, accountId, pend, book, write: (text: string) => noteOn(ctx, accountId, text) };
}

/** Writes a note on the only pending row whose text begins so. */
async function noteOn(ctx: Context, accountId: string, text: string): Promise<void> {
  const found = await ctx.db.pendingTransaction.findFirstOrThrow({
    where: { accountId, description: { startsWith: text } },
  });
  await editTransaction(ctx, { transactionId: found.id, note: 'with Ann' });
}

const noteOf = (system: Context, accountId: string) =>
  system.db.transactionEdit.findFirstOrThrow({ where: { accountId }, include: { transaction: true, pending: true } });

test('each complete answer takes the place of the whole set', async () => {
  const { system, accountId, pend } = await anAccount();
  await pend(row('2026-03-04', -3.5, 'COFFEE'), row('2026-03-04', -3.5, 'COFFEE'), row('2026-03-05', -9, 'LUNCH'));
  await pend(row('2026-03-05', -9, 'LUNCH'), row('2026-03-06', -1, 'BUS'));
  const rows = await system.db.pendingTransaction.findMany({ where: { accountId }, orderBy: { position: 'asc' } });
  expect(rows.map(({ description }) => description)).toEqual(['LUNCH', 'BUS']);
  await pend();
  expect(await system.db.pendingTransaction.count({ where: { accountId } })).toBe(0);
});

test('a note stays on its pending row while the amount grows', async () => {
  const { system, accountId, pend, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM LONDON'), row('2026-03-04', -9, 'LUNCH'));
  await write('DISHOOM');
  await pend(row('2026-03-04', -9, 'LUNCH'), row('2026-03-04', -45, 'DISHOOM LONDON'));
  expect((await noteOf(system, accountId)).pending).toMatchObject({ description: 'DISHOOM LONDON' });
});

test('when the pending row is booked, with a tip and another text, the note goes with it', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM LONDON'));
  await write('DISHOOM');
  await book(row('2026-03-06', -45, 'DISHOOM KINGS X 0306'), row('2026-03-06', -40, 'CAR PARK'));
  expect(await noteOf(system, accountId)).toMatchObject({ pendingId: expect.any(String), transaction: null });
  await pend();
  expect(await noteOf(system, accountId)).toMatchObject({
    note: 'with Ann',
    transaction: { description: 'DISHOOM KINGS X 0306' },
  });
});

test('the booked row may come days after the pending one has gone', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM LONDON'));
  await write('DISHOOM');
  await pend();
  expect(await noteOf(system, accountId)).toMatchObject({ transactionId: null, pendingId: null });
  await book(row('2026-03-07', -40, 'DISHOOM'));
  expect(await noteOf(system, accountId)).toMatchObject({ transaction: { description: 'DISHOOM' } });
});

test('a note goes nowhere when it could mean either of two', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'TRAINLINE'));
  await write('TRAINLINE');
  await pend();
  await book(row('2026-03-06', -40, 'TRAINLINE LEEDS'), row('2026-03-06', -40, 'TRAINLINE YORK'));
  expect(await noteOf(system, accountId)).toMatchObject({ note: 'with Ann', transactionId: null });
});

test('a note is never put on what was booked before, or on somebody else’s money', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await book(row('2026-03-04', -40, 'DISHOOM'));
  await pend(row('2026-03-04', -40, 'DISHOOM'));
  await write('DISHOOM');
  await pend();
  await book(row('2026-03-05', 40, 'DISHOOM REFUND'), row('2026-03-05', -140, 'DISHOOM'));
  expect(await noteOf(system, accountId)).toMatchObject({ transactionId: null });
});

test('a note follows a fare that was held as 10 pence', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -0.1, 'TFL'));
  await write('TFL');
  await book(row('2026-03-04', -3.5, 'GREGGS'));
  await pend();
  await book(row('2026-03-08', -7.7, 'TFL'), row('2026-03-04', -3.5, 'GREGGS'));
  expect(await noteOf(system, accountId)).toMatchObject({ note: 'with Ann', transaction: { description: 'TFL' } });
});

test('a note follows a shop whose name is a number', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -41.2, '7-11 0042'), row('2026-03-04', -12, '7-11 0042'));
  await write('7-11');
  await book(row('2026-03-05', -12, '7-11 0042'), row('2026-03-05', -41.2, '7-11 0042'));
  await pend();
  const { transaction } = await noteOf(system, accountId);
  expect(transaction?.effect.toFixed()).toBe('-41.2');
});

test('a note waits where another hold of the merchant disappeared with it', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -0.1, 'TFL'), row('2026-03-05', -0.1, 'TFL'));
  await write('TFL');
  await pend();
  await book(row('2026-03-08', -7.7, 'TFL'));
  expect(await noteOf(system, accountId)).toMatchObject({ transactionId: null, pendingId: null, rival: 'same_amount' });
});

test('a note comes back with a pending row that an answer had left out', async () => {
  const { system, accountId, pend, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM'), row('2026-03-04', -9, 'LUNCH'));
  await write('DISHOOM');
  await pend(row('2026-03-04', -9, 'LUNCH'));
  expect(await noteOf(system, accountId)).toMatchObject({ pendingId: null, transactionId: null });
  await pend(row('2026-03-04', -9, 'LUNCH'), row('2026-03-04', -40, 'DISHOOM'));
  expect((await noteOf(system, accountId)).pending).toMatchObject({ description: 'DISHOOM' });
});

test('a note goes to what was booked, and not to the next pending purchase at the same place', async () => {
  const { system, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -4, 'PRET'));
  await write('PRET');
  await book(row('2026-03-04', -4, 'PRET'));
  await pend(row('2026-03-04', -4.5, 'PRET'));
  const { transaction, pending } = await noteOf(system, accountId);
  expect(pending).toBeNull();
  expect(transaction?.effect.toFixed()).toBe('-4');
});

test('a note that the user took off its transaction is placed by no sync', async () => {
  const { system, ctx, accountId, pend, book, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM'));
  await write('DISHOOM');
  await pend();
  await book(row('2026-03-05', -40, 'DISHOOM'));
  const { transactionId } = await noteOf(system, accountId);
  await detachNote(ctx, { accountId, transactionId: transactionId ?? '' });
  await book(row('2026-03-05', -40, 'DISHOOM'), row('2026-03-06', -40, 'DISHOOM'));
  expect(await noteOf(system, accountId)).toMatchObject({ transactionId: null, isDetached: true });
});

test('nobody writes on another person’s transaction', async () => {
  const { system, accountId, pend } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM'));
  const { id } = await system.db.pendingTransaction.findFirstOrThrow({ where: { accountId } });
  const stranger = await anAccount();
  await expect(editTransaction(stranger.ctx, { transactionId: id, note: 'x' })).rejects.toMatchObject({
    code: 'transaction_not_found',
  });
  await expect(editTransaction(system, { transactionId: id, note: 'x' })).rejects.toMatchObject({
    kind: 'unauthenticated',
  });
});

test('taking the last word back leaves no trace of it', async () => {
  const { system, ctx, accountId, pend, write } = await anAccount();
  await pend(row('2026-03-04', -40, 'DISHOOM'));
  await write('DISHOOM');
  const { pendingId } = await noteOf(system, accountId);
  await editTransaction(ctx, { transactionId: pendingId ?? '', note: '  ' });
  expect(await system.db.transactionEdit.count({ where: { accountId } })).toBe(0);
});
