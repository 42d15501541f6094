import { afterEach, expect, test } from 'vitest';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { aSystem, linkPerson, signInAgain } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn } from '#lib/testing/use-stand-in';
import { DAY_MS } from '#lib/time/span';
import { parseTransactions } from '#lib/truelayer/parse';
import { firstAttendedPass } from './first-attended-pass.ts';
import { storeBooked } from './store-booked.ts';
import { sureDays, type Window } from './windows.ts';

const standIn = aStandIn();
afterEach(() => standIn.control('POST', '/reset'));

type Extra = { id?: string; meta?: object };
const row = (day: string, amount: number, description: string, { id, meta }: Extra = {}) => ({
  transaction_id: 'x',
  timestamp: `${day}T00:00:00Z`,
  description,
  amount,
  currency: 'GBP',
  transaction_type: 'DEBIT',
  transaction_category: 'PURCHASE',
  transaction_classification: [],
  ...(id === undefined ? {} : { normalised_provider_transaction_id: id }),
  ...(meta === undefined ? {} : { meta }),
});

async function anAccount() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId } = await addAccount(ctx);
  return { ctx, accountId };
}

async function store(ctx: Context, accountId: string, text: string, window: Window, isWhole = true) {
  const { rows: batches } = parseTransactions(Buffer.from(text), 'account');
  const surely = isWhole ? sureDays(window, window.to) : null;
  return inTransaction(ctx, (tx) => storeBooked(tx, { accountId, window, batches, surely }));
}
const answer = (...results: object[]) => JSON.stringify({ results, status: 'Succeeded' });

async function listLive(ctx: Context, accountId: string) {
  const where = { accountId, vanishedAt: null };
  const rows = await ctx.db.transaction.findMany({
    where,
    orderBy: [{ bookedOn: 'asc' }, { description: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ description, bookedOn, id }) => ({
    id,
    text: `${bookedOn.toISOString().slice(8, 10)} ${description}`,
  }));
}

test('a row at the edge of the window that is reworded, or given an id, is still one', async () => {
  const { ctx, accountId } = await anAccount();
  const first = answer(row('2026-03-03', -5, 'COFFE'), row('2026-03-03', -7, 'LUNCH'), row('2026-03-06', -1, 'BUS'));
  await store(ctx, accountId, first, { from: '2026-03-01', to: '2026-03-10' });
  const before = await listLive(ctx, accountId);
  const second = answer(
    row('2026-03-03', -5, 'COFFEE'),
    row('2026-03-03', -7, 'LUNCH', { id: 'txn-1' }),
    row('2026-03-06', -1, 'BUS'),
  );
  await store(ctx, accountId, second, { from: '2026-03-03', to: '2026-03-11' });
  const after = await listLive(ctx, accountId);
  expect(after.map(({ text }) => text).sort()).toEqual(['03 COFFEE', '03 LUNCH', '06 BUS']);
  expect(new Set(after.map(({ id }) => id))).toEqual(new Set(before.map(({ id }) => id)));
});

test('a row at the edge that isn’t returned is no other day’s', async () => {
  const { ctx, accountId } = await anAccount();
  await store(ctx, accountId, answer(row('2026-03-03', -5, 'COFFEE')), { from: '2026-03-01', to: '2026-03-06' });
  await store(ctx, accountId, answer(row('2026-03-07', -5, 'COFFEE')), { from: '2026-03-03', to: '2026-03-07' });
  expect((await listLive(ctx, accountId)).map(({ text }) => text)).toEqual(['03 COFFEE', '07 COFFEE']);
});

test('rows that are given ids inside an answer that may have been cut are not doubled', async () => {
  const { ctx, accountId } = await anAccount();
  const week = { from: '2026-03-01', to: '2026-03-10' };
  const ends = [row('2026-03-03', -1, 'FIRST'), row('2026-03-09', -1, 'LAST')];
  await store(ctx, accountId, answer(row('2026-03-02', -5, 'COFFEE'), ...ends, row('2026-03-05', -5, 'COFFEE')), week);
  const cut = answer(...ends, row('2026-03-05', -5, 'COFFEE', { id: 'txn-1' }));
  expect(await store(ctx, accountId, cut, week, false)).toMatchObject({ added: 0, vanished: 0 });
  expect((await listLive(ctx, accountId)).map(({ text }) => text)).toEqual([
    '02 COFFEE',
    '03 FIRST',
    '05 COFFEE',
    '09 LAST',
  ]);
});

async function writeOn({ db, clock }: Context, accountId: string, normalisedId: string, note: string): Promise<string> {
  const where = { accountId, normalisedId };
  const { id } = await db.transaction.findFirstOrThrow({ where, select: { id: true } });
  const now = clock.now();
  const data = { accountId, transactionId: id, note, createdAt: now, changedAt: now };
  await db.transactionEdit.create({ data, select: { id: true } });
  return id;
}

const listWords = (ctx: Context, accountId: string) =>
  ctx.db.transactionEdit.findMany({
    where: { accountId },
    select: { note: true, transaction: { select: { id: true, normalisedId: true, vanishedAt: true } } },
  });

test.each(['the row that stays', 'the row that had gone'])(
  'a bank that goes back to an id of before loses no word of the person’s, written on %s',
  async (wroteOn) => {
    const { ctx, accountId } = await anAccount();
    const week = { from: '2026-03-01', to: '2026-03-10' };
    const bus = row('2026-03-06', -1, 'BUS');
    const under = (id: string) => answer(row('2026-03-04', -5, 'COFFEE', { id }), bus);
    await store(ctx, accountId, under('txn-1'), week);
    const isOnGone = wroteOn === 'the row that had gone';
    if (isOnGone) await writeOn(ctx, accountId, 'txn-1', 'mine');
    // It goes for a day, and comes under another id.
    await store(ctx, accountId, answer(bus), week);
    await store(ctx, accountId, under('txn-2'), week);
    if (!isOnGone) await writeOn(ctx, accountId, 'txn-2', 'mine');
    await store(ctx, accountId, under('txn-1'), week);
    expect((await listLive(ctx, accountId)).map(({ text }) => text)).toEqual(['04 COFFEE', '06 BUS']);
    const live = { id: expect.any(String), normalisedId: 'txn-1', vanishedAt: null };
    expect(await listWords(ctx, accountId)).toEqual([{ note: 'mine', transaction: live }]);
  },
);

test('half an emoji costs nothing but itself', async () => {
  const { ctx, accountId } = await anAccount();
  const odd = answer(row('2026-03-03', -5, 'HI @', { meta: { user_comments: 'HI @' } })).replaceAll('@', '\\ud83d');
  await store(ctx, accountId, odd, { from: '2026-03-01', to: '2026-03-10' });
  expect((await listLive(ctx, accountId)).map(({ text }) => text)).toEqual(['03 HI \ufffd']);
});

test('a bank that returns less of the past than it did takes nothing away', async () => {
  // Of its own: what is learned of a bank is everybody's.
  const bankId = 'ob-santander';
  const traits = (days: number) =>
    standIn.control('PUT', '/switches', {
      webhook: 'never',
      async_delay_ms: 0,
      banks: { [bankId]: { too_wide: 'clamp', account_days: days, card_days: days } },
    });
  await traits(700);
  const person = await linkPerson(standIn.url, { bankId });
  const { connectionId, userId } = person;
  const pass = async () => {
    await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
    await syncFully(await aSystem(), connectionId);
    return person.system.db.transaction.count({ where: { account: { connectionId }, vanishedAt: null } });
  };
  const before = await pass();
  await traits(200);
  await standIn.control('PUT', '/clock', { advance_ms: 2 * DAY_MS });
  await signInAgain(person);
  // A hole of long ago, as an outage leaves one: it is what has the deep past asked for again.
  await person.system.db.$executeRaw`
    update accounts set covered = covered - datemultirange(daterange(covered_to - 300, covered_to - 290, '[]'))
    where connection_id = ${connectionId}::uuid`;
  expect(await pass()).toBeGreaterThanOrEqual(before);
});
