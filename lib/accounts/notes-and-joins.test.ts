import { describe, expect, test } from 'vitest';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { enrichAccount } from '#lib/enrich/enrich-account';
import { storeBooked } from '#lib/sync/store-booked';
import { storePending } from '#lib/sync/store-pending';
import { addAccount } from '#lib/testing/add-account';
import { fixedClock } from '#lib/time/clock';
import { parsePendingTransactions, parseTransactions } from '#lib/truelayer/parse';
import { attachNote } from './attach-note.ts';
import { countUnattachedNotes } from './count-unattached-notes.ts';
import { deleteNote } from './delete-note.ts';
import { detachNote } from './detach-note.ts';
import { editTransaction } from './edit-transaction.ts';
import { exportTransactions } from './export-transactions.ts';
import { getTransaction } from './get-transaction.ts';
import { joinTransactions } from './join-transactions.ts';
import { joinAccount } from './joining/join.ts';
import { findShownFor, listJoinable, listJoined } from './list-joins.ts';
import { listTransactions } from './list-transactions.ts';
import { getUnattachedNote, listUnattachedNotes } from './list-unattached-notes.ts';
import { splitTransactions } from './split-transactions.ts';
import { sumSpending } from './sum-spending.ts';
import { undoCorrection } from './undo-correction.ts';

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

const WINDOW = { from: '2026-03-01', to: '2026-03-20' };

/** A user with one account, into which banks' answers are stored; it is 20 March, a second later each time the clock is read. */
async function aUser() {
  let time = new Date('2026-03-20T12:00:00Z').getTime();
  const clock = {
    now: () => {
      time += 1000;
      return new Date(time);
    },
  };
  const system = { ...(await createContext({ actor: { kind: 'system', job: 'test' } })), clock };
  const { accountId, userId, connectionId } = await addAccount(system);
  const ctx = actingAs(system, { kind: 'user', userId });
  const book = (...rows: Row[]) => {
    const { rows: batches } = parseTransactions(bodyOf(rows), 'account');
    return inTransaction(system, (tx) => storeBooked(tx, { accountId, window: WINDOW, batches, surely: WINDOW }));
  };
  const pend = (...rows: Row[]) =>
    inTransaction(system, (tx) => storePending(tx, accountId, parsePendingTransactions(bodyOf(rows), 'account').items));
  return {
    system,
    ctx,
    accountId,
    userId,
    connectionId,
    book,
    pend,
    later: (minutes: number) => ({ ...ctx, clock: fixedClock(new Date(clock.now().getTime() + minutes * 60_000)) }),
    idOf: async (text: string, amount?: number) =>
      (
        await system.db.transaction.findFirstOrThrow({
          where: { accountId, description: text, ...(amount === undefined ? {} : { amount }) },
        })
      ).id,
    note: async (text: string, note: string) => {
      const { id } = await system.db.transaction.findFirstOrThrow({ where: { accountId, description: text } });
      await editTransaction(ctx, { transactionId: id, note });
      return id;
    },
    shown: async () => {
      const { booked } = await listTransactions(ctx, { accountId });
      return booked.map(
        ({ description, effect, note }) => `${effect} ${description}${note === null ? '' : ` (${note})`}`,
      );
    },
    notes: async () => (await listUnattachedNotes(ctx, { accountId })).notes,
  };
}

const SHOP = row('2026-03-10', -20, 'CORNER SHOP');
const AGAIN = row('2026-03-11', -20, 'CORNER SHOP CARD');
const LUNCH = row('2026-03-12', -9.5, 'LUNCH');

describe('a note without a transaction', () => {
  test('is listed with what it was written on and what it may belong to, once the bank removes the row', async () => {
    const user = await aUser();
    await user.book(SHOP, LUNCH);
    await user.note('CORNER SHOP', 'for Ann');
    expect(await user.notes()).toEqual([]);
    await user.book(row('2026-03-11', -21, 'CORNER SHOP CARD'), LUNCH);
    expect(await user.notes()).toMatchObject([
      {
        words: { note: 'for Ann' },
        reason: 'removed',
        writtenOn: { day: '2026-03-10', effect: '-20', currency: 'GBP', description: 'CORNER SHOP' },
        candidates: [{ description: 'CORNER SHOP CARD' }],
      },
    ]);
    // The bank brings the row back: its note is on it, and needs nothing.
    await user.book(SHOP, row('2026-03-11', -21, 'CORNER SHOP CARD'), LUNCH);
    expect(await user.notes()).toEqual([]);
    expect(await user.shown()).toContain('-20 CORNER SHOP (for Ann)');
  });

  test('is listed when a pending row is gone and two booked ones may be it', async () => {
    const user = await aUser();
    await user.pend(row('2026-03-10', -0.1, 'TFL'));
    const pending = await user.system.db.pendingTransaction.findFirstOrThrow({ where: { accountId: user.accountId } });
    await editTransaction(user.ctx, { transactionId: pending.id, note: 'to work', category: 'business' });
    await user.book(row('2026-03-12', -7.7, 'TFL'), row('2026-03-13', -5.2, 'TFL'), LUNCH);
    await user.pend();
    const [note, second] = await user.notes();
    expect(second).toBeUndefined();
    expect(note).toMatchObject({ reason: 'not_booked', words: { note: 'to work', category: 'business' } });
    expect(note?.candidates.map(({ effect }) => effect).toSorted()).toEqual(['-5.2', '-7.7']);

    const target = await user.idOf('TFL', -7.7);
    const place = { accountId: user.accountId, noteId: note?.id ?? '', transactionId: target };
    const { undoId } = await attachNote(user.ctx, place);
    expect(await user.notes()).toEqual([]);
    expect(await getTransaction(user.ctx, { accountId: user.accountId, transactionId: target })).toMatchObject({
      note: 'to work',
      category: 'business',
    });
    await undoCorrection(user.ctx, { undoId });
    expect(await user.notes()).toMatchObject([{ id: note?.id, reason: 'not_booked' }]);
    expect(await user.shown()).toContain('-7.7 TFL');
  });

  test('is added to what is written on the chosen transaction, and taken off again by undo', async () => {
    const user = await aUser();
    await user.book(SHOP, LUNCH);
    await user.note('CORNER SHOP', 'for Ann');
    await editTransaction(user.ctx, { transactionId: await user.note('LUNCH', 'with Bob'), category: 'gifts' });
    await user.book(LUNCH);
    const [note] = await user.notes();
    const place = { accountId: user.accountId, noteId: note?.id ?? '', transactionId: await user.idOf('LUNCH') };
    const { undoId } = await attachNote(user.ctx, place);
    expect(await user.shown()).toEqual(['-9.5 LUNCH (with Bob\nfor Ann)']);
    await undoCorrection(user.ctx, { undoId });
    expect(await user.shown()).toEqual(['-9.5 LUNCH (with Bob)']);
    expect(await user.notes()).toMatchObject([{ words: { note: 'for Ann' }, reason: 'removed' }]);
  });

  test('is not undone over what was written since', async () => {
    const user = await aUser();
    await user.book(SHOP, LUNCH);
    await user.note('CORNER SHOP', 'for Ann');
    await user.book(LUNCH);
    const [note] = await user.notes();
    const transactionId = await user.idOf('LUNCH');
    const { undoId } = await attachNote(user.ctx, { accountId: user.accountId, noteId: note?.id ?? '', transactionId });
    await editTransaction(user.later(1), { transactionId, note: 'for Ann and Bob' });
    await expect(undoCorrection(user.later(2), { undoId })).rejects.toMatchObject({ code: 'changed_since' });
    expect(await user.shown()).toEqual(['-9.5 LUNCH (for Ann and Bob)']);
  });

  test('can be deleted, and brought back', async () => {
    const user = await aUser();
    await user.book(SHOP, LUNCH);
    await user.note('CORNER SHOP', 'for Ann');
    await user.book(LUNCH);
    const [before] = await user.notes();
    const { undoId } = await deleteNote(user.ctx, { accountId: user.accountId, noteId: before?.id ?? '' });
    expect(await user.notes()).toEqual([]);
    await undoCorrection(user.ctx, { undoId });
    expect(await user.notes()).toEqual([before]);
    await expect(undoCorrection(user.ctx, { undoId })).rejects.toMatchObject({ code: 'undo_step_not_found' });
  });

  test('can be taken off a transaction that it isn’t about', async () => {
    const user = await aUser();
    await user.book(SHOP, LUNCH);
    const transactionId = await user.note('CORNER SHOP', 'with Bob');
    const { noteId, undoId } = await detachNote(user.ctx, { accountId: user.accountId, transactionId });
    expect(await getUnattachedNote(user.ctx, { accountId: user.accountId, noteId })).toMatchObject({
      reason: 'detached',
      writtenOn: { description: 'CORNER SHOP' },
      candidates: [],
    });
    await user.book(SHOP, LUNCH);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP']);
    await undoCorrection(user.ctx, { undoId });
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP (with Bob)']);
    expect(await user.notes()).toEqual([]);
  });
});

describe('two rows of one purchase', () => {
  async function joined() {
    const user = await aUser();
    await user.book(SHOP, AGAIN, LUNCH);
    const transactionId = await user.note('CORNER SHOP', 'for Ann');
    const otherId = await user.note('CORNER SHOP CARD', 'milk');
    const place = { accountId: user.accountId, transactionId, otherId };
    return { user, place, ...(await joinTransactions(user.ctx, place)) };
  }

  test('are offered to be joined', async () => {
    const user = await aUser();
    await user.book(SHOP, AGAIN, LUNCH);
    const place = { accountId: user.accountId, transactionId: await user.idOf('CORNER SHOP') };
    expect(await listJoinable(user.ctx, place)).toMatchObject([{ description: 'CORNER SHOP CARD', isRemoved: false }]);
    await user.book(SHOP, LUNCH);
    expect(await listJoinable(user.ctx, place)).toMatchObject([{ description: 'CORNER SHOP CARD', isRemoved: true }]);
  });

  test('become one in lists, searches, sums and exports, with the notes of both', async () => {
    const user = await aUser();
    await user.book(SHOP, AGAIN, LUNCH);
    await enrichAccount(user.system, { accountId: user.accountId });
    const spent = async () => (await sumSpending(user.ctx)).total?.thisMonth;
    expect(await spent()).toBe('49.5');
    const transactionId = await user.note('CORNER SHOP', 'for Ann');
    const otherId = await user.note('CORNER SHOP CARD', 'milk');
    const place = { accountId: user.accountId, transactionId, otherId };
    const { undoId } = await joinTransactions(user.ctx, place);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP (for Ann\nmilk)']);
    expect(await spent()).toBe('29.5');
    expect((await listTransactions(user.ctx, { accountId: user.accountId, search: 'CARD' })).booked).toEqual([]);
    let csv = '';
    for await (const chunk of (await exportTransactions(user.ctx, { accountId: user.accountId })).lines) csv += chunk;
    expect(csv.match(/CORNER SHOP/g)).toHaveLength(1);
    await expect(getTransaction(user.ctx, { accountId: user.accountId, transactionId: otherId })).rejects.toMatchObject(
      {
        kind: 'not_found',
      },
    );
    expect(await findShownFor(user.ctx, { accountId: user.accountId, transactionId: otherId })).toBe(transactionId);
    expect(await listJoined(user.ctx, place)).toMatchObject([{ id: otherId }]);
    await undoCorrection(user.ctx, { undoId });
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP CARD (milk)', '-20 CORNER SHOP (for Ann)']);
    expect(await spent()).toBe('49.5');
  });

  test('stay one through syncs, and the other is shown when the bank removes one', async () => {
    const { user } = await joined();
    await user.book(SHOP, AGAIN, LUNCH);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP (for Ann\nmilk)']);
    await user.book(AGAIN, LUNCH);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP CARD (for Ann\nmilk)']);
    expect(await user.notes()).toEqual([]);
    await user.book(SHOP, AGAIN, LUNCH);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP (for Ann\nmilk)']);
    await user.book(SHOP, LUNCH);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP (for Ann\nmilk)']);
    expect(await user.notes()).toEqual([]);
  });

  test('are two again when they are separated much later, each with its own note', async () => {
    const { user, place } = await joined();
    const { undoId } = await splitTransactions(user.later(60 * 24 * 400), place);
    const apart = ['-9.5 LUNCH', '-20 CORNER SHOP CARD (milk)', '-20 CORNER SHOP (for Ann)'];
    expect(await user.shown()).toEqual(apart);
    await user.book(SHOP, AGAIN, LUNCH);
    expect(await user.shown()).toEqual(apart);
    await undoCorrection(user.later(60 * 24 * 400 + 1), { undoId });
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-20 CORNER SHOP (for Ann\nmilk)']);
  });

  test('keep what was written on them while they were one', async () => {
    const { user, place } = await joined();
    await editTransaction(user.later(1), { transactionId: place.transactionId, note: 'for Ann, and more' });
    await splitTransactions(user.later(2), place);
    expect(await user.shown()).toEqual([
      '-9.5 LUNCH',
      '-20 CORNER SHOP CARD (milk)',
      '-20 CORNER SHOP (for Ann, and more)',
    ]);
  });

  test('may be a removed row and the one that came for it: the note goes along', async () => {
    const user = await aUser();
    await user.book(SHOP, LUNCH);
    const otherId = await user.note('CORNER SHOP', 'for Ann');
    await user.book(row('2026-03-11', -21, 'CORNER SHOP CARD'), LUNCH);
    const place = { accountId: user.accountId, transactionId: await user.idOf('CORNER SHOP CARD'), otherId };
    await joinTransactions(user.ctx, place);
    expect(await user.notes()).toEqual([]);
    await user.book(row('2026-03-11', -21, 'CORNER SHOP CARD'), SHOP, LUNCH);
    expect(await user.shown()).toEqual(['-9.5 LUNCH', '-21 CORNER SHOP CARD (for Ann)']);
  });

  test('may be three: while one of them is there, one is shown', async () => {
    const { user, place } = await joined();
    const third = row('2026-03-13', -20, 'CORNER SHOP AGAIN');
    await user.book(SHOP, AGAIN, LUNCH, third);
    const thirdId = await user.idOf('CORNER SHOP AGAIN');
    await joinTransactions(user.ctx, { ...place, transactionId: thirdId, otherId: place.transactionId });
    expect(await user.shown()).toHaveLength(2);
    await user.book(SHOP, AGAIN, LUNCH);
    expect(await user.shown()).toHaveLength(2);
    await user.book(AGAIN, LUNCH);
    expect(await user.shown()).toHaveLength(2);
    await user.book(SHOP, AGAIN, LUNCH, third);
    await splitTransactions(user.ctx, { ...place, transactionId: thirdId, otherId: place.otherId });
    expect(await user.shown()).toHaveLength(3);
  });

  test('are not joined twice, with themselves, or the other way round', async () => {
    const { user, place } = await joined();
    const again = [place, { ...place, otherId: place.transactionId }];
    for (const input of again) {
      await expect(joinTransactions(user.ctx, input)).rejects.toMatchObject({ code: 'already_joined' });
    }
    const turned = { ...place, transactionId: place.otherId, otherId: place.transactionId };
    await expect(joinTransactions(user.ctx, turned)).rejects.toMatchObject({ code: 'transaction_not_found' });
    const apart = { ...place, otherId: await user.idOf('LUNCH') };
    await expect(splitTransactions(user.ctx, apart)).rejects.toMatchObject({ code: 'join_not_found' });
  });
});

test('a note of a replaced card is shown with the new one, and follows what is booked there', async () => {
  const user = await aUser();
  const { accountId: former } = user;
  await user.book(SHOP, LUNCH);
  await user.note('CORNER SHOP', 'for Ann');
  await user.book(LUNCH);
  await user.pend(row('2026-03-13', -0.1, 'TFL'));
  const pending = await user.system.db.pendingTransaction.findFirstOrThrow({ where: { accountId: former } });
  await editTransaction(user.ctx, { transactionId: pending.id, note: 'to work' });
  await user.pend();

  const { userId, connectionId } = user;
  const { accountId } = await addAccount(user.system, { userId, connectionId });
  await inTransaction(user.system, (tx) => joinAccount(tx, { accountId: former, rootId: accountId }));
  const { rows: batches } = parseTransactions(bodyOf([row('2026-03-15', -7.7, 'TFL'), AGAIN]), 'account');
  await inTransaction(user.system, (tx) => storeBooked(tx, { accountId, window: WINDOW, batches, surely: WINDOW }));
  const shown = async () =>
    (await listTransactions(user.ctx, { accountId })).booked.map(({ effect, note }) => `${effect} ${note ?? ''}`);
  expect(await shown()).toEqual(['-7.7 to work', '-9.5 ', '-20 ']);
  const { notes } = await listUnattachedNotes(user.ctx, { accountId });
  expect(notes).toMatchObject([{ words: { note: 'for Ann' }, candidates: [{ description: 'CORNER SHOP CARD' }] }]);
  const place = { accountId, noteId: notes[0]?.id ?? '', transactionId: notes[0]?.candidates[0]?.id ?? '' };
  const { undoId } = await attachNote(user.ctx, place);
  expect(await shown()).toEqual(['-7.7 to work', '-9.5 ', '-20 for Ann']);
  await undoCorrection(user.ctx, { undoId });
  expect((await listUnattachedNotes(user.ctx, { accountId })).notes).toEqual(notes);
});

test('refuses another user’s notes, transactions, joins and undo steps, and whoever is signed out', async () => {
  const user = await aUser();
  await user.book(SHOP, AGAIN, LUNCH);
  const [transactionId, otherId] = [await user.note('CORNER SHOP', 'for Ann'), await user.idOf('CORNER SHOP CARD')];
  await user.note('LUNCH', 'with Bob');
  await user.book(SHOP, AGAIN);
  const noteId = (await user.notes())[0]?.id ?? '';
  const { accountId } = user;
  const { undoId } = await joinTransactions(user.ctx, { accountId, transactionId, otherId });
  const before = await allOf(user.system, accountId);

  const stranger = await aUser();
  await stranger.book(SHOP);
  const theirs = await stranger.note('CORNER SHOP', 'theirs');
  const own = stranger.accountId;
  const attempts = (who: Context) => [
    () => listUnattachedNotes(who, { accountId }),
    () => getUnattachedNote(who, { accountId, noteId }),
    () => attachNote(who, { accountId, noteId, transactionId }),
    () => attachNote(who, { accountId: own, noteId, transactionId: theirs }),
    () => deleteNote(who, { accountId, noteId }),
    () => deleteNote(who, { accountId: own, noteId }),
    () => detachNote(who, { accountId, transactionId }),
    () => detachNote(who, { accountId: own, transactionId }),
    () => listJoinable(who, { accountId, transactionId }),
    () => listJoinable(who, { accountId: own, transactionId }),
    () => joinTransactions(who, { accountId, transactionId, otherId }),
    () => joinTransactions(who, { accountId: own, transactionId: theirs, otherId }),
    () => splitTransactions(who, { accountId, transactionId, otherId }),
    () => splitTransactions(who, { accountId: own, transactionId, otherId }),
    () => undoCorrection(who, { undoId }),
  ];
  for (const attempt of attempts(stranger.ctx)) await expect(attempt()).rejects.toMatchObject({ kind: 'not_found' });
  const nobody = actingAs(user.system, { kind: 'nobody' });
  for (const attempt of attempts(nobody)) await expect(attempt()).rejects.toMatchObject({ kind: 'unauthenticated' });
  expect(await findShownFor(stranger.ctx, { accountId, transactionId: otherId })).toBeNull();
  expect(await allOf(user.system, accountId)).toEqual(before);
  for (const bad of ['', 'none', '%', '00000000-0000-7000-8000-000000000000']) {
    await expect(attachNote(user.ctx, { accountId, noteId, transactionId: bad })).rejects.toMatchObject({
      kind: 'not_found',
    });
    await expect(splitTransactions(user.ctx, { accountId, transactionId, otherId: bad })).rejects.toMatchObject({
      kind: 'not_found',
    });
  }
  // The owner may.
  await attachNote(user.ctx, { accountId, noteId, transactionId });
  await splitTransactions(user.ctx, { accountId, transactionId, otherId });
  await undoCorrection(user.ctx, await detachNote(user.ctx, { accountId, transactionId }));
});

async function allOf({ db }: Context, accountId: string) {
  return [
    await db.transactionEdit.findMany({ where: { accountId }, orderBy: { id: 'asc' } }),
    await db.transactionJoin.findMany({ where: { accountId } }),
    await db.undoStep.findMany({ where: { accountId } }),
  ];
}

test('every change is audited, without the words', async () => {
  const user = await aUser();
  await user.book(SHOP, AGAIN, LUNCH);
  const transactionId = await user.note('CORNER SHOP', 'for Ann');
  const place = { accountId: user.accountId, transactionId, otherId: await user.idOf('CORNER SHOP CARD') };
  await joinTransactions(user.ctx, place);
  await splitTransactions(user.ctx, place);
  const { noteId } = await detachNote(user.ctx, place);
  const { undoId } = await attachNote(user.ctx, { ...place, noteId });
  await undoCorrection(user.ctx, { undoId });
  await deleteNote(user.ctx, { accountId: user.accountId, noteId });
  const entries = await user.system.db.auditEntry.findMany({
    where: { connectionId: user.connectionId },
    orderBy: { at: 'asc' },
  });
  expect(entries.map(({ action }) => action).toSorted()).toEqual([
    'note.attached',
    'note.deleted',
    'note.detached',
    'note_change.undone',
    'transaction.edited',
    'transactions.joined',
    'transactions.separated',
  ]);
  expect(JSON.stringify(entries.map(({ before, after }) => [before, after]))).not.toContain('Ann');
});

test('pending transactions are in the CSV when they are asked for, and each row says which it is', async () => {
  const user = await aUser();
  await user.book(row('2026-03-10', -20, 'BOOKED SHOP'));
  await user.pend(row('2026-03-19', -9.5, 'PENDING LUNCH'));
  const read = async (withPending: boolean) => {
    const { lines } = await exportTransactions(user.ctx, { accountId: user.accountId, withPending });
    return (await Array.fromAsync(lines)).join('').trimEnd().split('\r\n').slice(1);
  };
  expect(await read(false)).toEqual([expect.stringMatching(/^2026-03-10,.*BOOKED SHOP.*,booked$/)]);
  expect(await read(true)).toEqual([
    expect.stringMatching(/^2026-03-19,.*PENDING LUNCH.*,pending$/),
    expect.stringMatching(/^2026-03-10,.*BOOKED SHOP.*,booked$/),
  ]);
});

test('notes that need a transaction are counted for each account, and nobody else’s', async () => {
  const user = await aUser();
  await user.book(
    row('2026-03-10', -20, 'KEPT'),
    row('2026-03-12', -33.21, 'GONE'),
    row('2026-03-13', -7.77, 'GONE TOO'),
  );
  await user.note('KEPT', 'stays');
  await user.note('GONE', 'first');
  await user.note('GONE TOO', 'second');
  expect(await countUnattachedNotes(user.ctx)).toEqual([]);
  await user.book(row('2026-03-10', -20, 'KEPT'));
  expect(await countUnattachedNotes(user.ctx)).toEqual([
    { accountId: user.accountId, name: 'Current account', notes: 2 },
  ]);
  expect(await countUnattachedNotes((await aUser()).ctx)).toEqual([]);
  await expect(countUnattachedNotes(user.system)).rejects.toMatchObject({ kind: 'unauthenticated' });
});
