import { expect, test } from 'vitest';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { addDays } from '#lib/time/day';
import { parseTransactions } from '#lib/truelayer/parse';
import type { Doubt } from './matching/decide-changes.ts';
import { storeBooked } from './store-booked.ts';
import type { Window } from './windows.ts';

type Row = { day: string; amount: number; text: string; n?: string; p?: string; rest?: object };

const toWire = ({ day, amount, text, n, p, rest }: Row) => ({
  transaction_id: 'x',
  timestamp: `${day}T00:00:00Z`,
  description: text,
  amount,
  currency: 'GBP',
  transaction_type: amount < 0 ? 'DEBIT' : 'CREDIT',
  transaction_category: 'PURCHASE',
  transaction_classification: [],
  ...(n === undefined ? {} : { normalised_provider_transaction_id: n }),
  ...(p === undefined ? {} : { provider_transaction_id: p }),
  ...rest,
});

async function anAccount() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId } = await addAccount(ctx);
  const answer = (window: Window, rows: readonly Row[], accepts: readonly Doubt[] = []) => {
    const { rows: batches } = parseTransactions(Buffer.from(JSON.stringify(rows.map(toWire))), 'account');
    return inTransaction(ctx, (tx) => storeBooked(tx, { accountId, window, batches, surely: window, accepts }));
  };
  return { ctx, accountId, answer };
}

async function note(ctx: Context, accountId: string, text: string): Promise<void> {
  const { id } = await ctx.db.transaction.findFirstOrThrow({
    where: { accountId, description: text, vanishedAt: null },
  });
  const now = ctx.clock.now();
  const data = { accountId, transactionId: id, note: `on ${text}`, createdAt: now, changedAt: now };
  await ctx.db.transactionEdit.create({ data, select: { id: true } });
}

/** Each row with its note; a removed one in brackets. */
async function listRows({ db }: Context, accountId: string): Promise<string[]> {
  const rows = await db.transaction.findMany({
    where: { accountId },
    select: { bookedOn: true, amount: true, description: true, vanishedAt: true, edit: { select: { note: true } } },
    orderBy: [{ bookedOn: 'asc' }, { description: 'asc' }, { amount: 'desc' }],
  });
  return rows.map(({ bookedOn, amount, description, vanishedAt, edit }) => {
    const line = `${bookedOn.getUTCDate()} ${amount} ${description}${edit === null ? '' : `: ${edit.note}`}`;
    return vanishedAt === null ? line : `[${line}]`;
  });
}

const wholeQuarter = { from: '2026-01-01', to: '2026-03-08' };
const march = { from: '2026-03-01', to: '2026-03-09' };

test.each([' ', '', '\t', 'NOTPROVIDED', '0', '-', 'null', 'N/A', '00000000', 'standing-order-7'])(
  'a row outside the window keeps its place and its note, though a row inside has the same id %j (case 1)',
  async (n) => {
    const { ctx, accountId, answer } = await anAccount();
    const rent = { day: '2026-01-10', amount: -950, text: 'RENT JAN', n };
    const coffee = { day: '2026-03-04', amount: -3.5, text: 'COFFEE', n };
    await answer(wholeQuarter, [coffee, rent]);
    await note(ctx, accountId, 'RENT JAN');
    await note(ctx, accountId, 'COFFEE');
    await answer(march, [coffee]);
    await answer(march, [
      { ...coffee, amount: -4, text: 'TEA' },
      { ...coffee, rest: { running_balance: { amount: 1 } } },
    ]);
    expect(await listRows(ctx, accountId)).toEqual([
      '10 -950 RENT JAN: on RENT JAN',
      '4 -3.5 COFFEE: on COFFEE',
      '4 -4 TEA',
    ]);
  },
);

test('an id that an older row has, outside the window, doesn’t bring that row into it', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const old = { day: '2026-01-10', amount: -950, text: 'RENT', n: 'txn-0123456789' };
  await answer(wholeQuarter, [old, { day: '2026-03-04', amount: -1, text: 'BUS' }]);
  await note(ctx, accountId, 'RENT');
  await answer(march, [
    { ...old, day: '2026-03-05' },
    { day: '2026-03-04', amount: -1, text: 'BUS' },
  ]);
  expect(await listRows(ctx, accountId)).toEqual(['10 -950 RENT: on RENT', '4 -1 BUS', '5 -950 RENT']);
});

test.each([
  ['positional', ['2026-03-08.0', '2026-03-08.1', '2026-03-08.2']],
  ['plainly counted', ['0', '1', '2']],
  ['opaque, but moved', ['row-aaaa-x', 'row-aaab-x', 'row-aaac-x']],
])(
  'a %s id that another row has now takes no note there (case 2)',
  async (_, [first = '', second = '', third = '']) => {
    const { ctx, accountId, answer } = await anAccount();
    const salary = { day: '2026-03-08', amount: 2500, text: 'SALARY' };
    const roundUp = { day: '2026-03-08', amount: -4, text: 'ROUND UP' };
    await answer(march, [
      { ...salary, n: first },
      { ...roundUp, n: second },
    ]);
    await note(ctx, accountId, 'SALARY');
    await answer(march, [
      { day: '2026-03-08', amount: -85, text: 'SHOES', n: first },
      { ...salary, n: second },
      { ...roundUp, n: third },
    ]);
    expect(await listRows(ctx, accountId)).toEqual(['8 -4 ROUND UP', '8 2500 SALARY: on SALARY', '8 -85 SHOES']);
  },
);

test('the same id with another amount is another transaction; the note stays with the one that is gone', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const bus = { day: '2026-03-02', amount: -1, text: 'BUS' };
  await answer(march, [bus, { day: '2026-03-04', amount: -35, text: 'EXAMPLE', n: 'txn-0123456789' }]);
  await note(ctx, accountId, 'EXAMPLE');
  await answer(march, [bus, { day: '2026-03-04', amount: -36, text: 'EXAMPLE', n: 'txn-0123456789' }]);
  expect(await listRows(ctx, accountId)).toEqual(['2 -1 BUS', '[4 -35 EXAMPLE: on EXAMPLE]', '4 -36 EXAMPLE']);
  await answer(march, [bus, { day: '2026-03-04', amount: -35, text: 'EXAMPLE', n: 'txn-9876543210' }]);
  expect(await listRows(ctx, accountId)).toEqual(['2 -1 BUS', '4 -35 EXAMPLE: on EXAMPLE', '[4 -36 EXAMPLE]']);
});

test('rows that lose a prefix and get new ids keep their notes, each its own (case 3)', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const row = (text: string, n: string) => ({ day: '2026-03-04', amount: -35, text, n });
  await answer(march, [row('04.03 EXAMPLE STORE', 'txn-old-1'), row('04.03 OTHER SHOP', 'txn-old-2')]);
  await note(ctx, accountId, '04.03 EXAMPLE STORE');
  await answer(march, [row('OTHER SHOP', 'txn-new-1'), row('EXAMPLE STORE', 'txn-new-2')]);
  expect(await listRows(ctx, accountId)).toEqual(['4 -35 EXAMPLE STORE: on 04.03 EXAMPLE STORE', '4 -35 OTHER SHOP']);
});

test('of two equal rows the one without a note goes', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const coffee = { day: '2026-03-04', amount: -3.5, text: 'COFFEE' };
  await answer(march, [coffee, coffee, coffee]);
  await note(ctx, accountId, 'COFFEE');
  await answer(march, [coffee]);
  const rows = await listRows(ctx, accountId);
  expect(rows.filter((line) => !line.startsWith('['))).toEqual(['4 -3.5 COFFEE: on COFFEE']);
});

test.each([
  ['ids', (row: Row, index: number) => ({ ...row, n: `txn-new-${index}` })],
  [
    'ids and descriptions',
    (row: Row, index: number) => ({ ...row, n: `txn-new-${index}`, text: `VISA ${row.text} UK` }),
  ],
])(
  '20,000 rows under new %s are the same 20,000 rows (case 4)',
  async (_, migrate) => {
    const { ctx, accountId, answer } = await anAccount();
    const decade = { from: '2016-01-01', to: '2026-03-08' };
    const rows = Array.from({ length: 20_000 }, (_each, index) => ({
      day: addDays('2026-03-08', -Math.floor(index / 6)),
      amount: -((index % 90) + 1) / 2,
      text: `04 SHOP${(index * 7919) % 1000}`,
      n: `txn-old-${index}`,
    }));
    await answer(decade, rows);
    const before = await ctx.db.transaction.findMany({
      where: { accountId },
      select: { id: true, normalisedId: true },
    });
    const outcome = await answer(decade, rows.map(migrate));
    expect(outcome).toMatchObject({ isBelieved: true, added: 0, changed: 20_000, vanished: 0 });
    const after = await ctx.db.transaction.findMany({ where: { accountId }, select: { id: true, normalisedId: true } });
    const numberById = new Map(after.map(({ id, normalisedId }) => [id, normalisedId?.split('-').at(-1)]));
    expect(before.filter(({ id, normalisedId }) => numberById.get(id) !== normalisedId?.split('-').at(-1))).toEqual([]);
  },
  300_000,
);

test('an answer in which most rows are missing is not believed, and changes nothing', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const rows = Array.from({ length: 60 }, (_, index) => ({ day: '2026-03-04', amount: -index - 1, text: 'SHOP' }));
  await answer(march, rows);
  const before = await listRows(ctx, accountId);
  const foreign = { day: '2026-03-05', amount: -7.77, text: 'ELSEWHERE' };
  expect(await answer(march, [...rows.slice(0, 20), foreign])).toMatchObject({
    isBelieved: false,
    added: 0,
    vanished: 0,
  });
  expect(await answer(march, [])).toMatchObject({ isBelieved: false, vanished: 0 });
  expect(await listRows(ctx, accountId)).toEqual(before);
  expect(await answer(march, [...rows.slice(0, 45), foreign])).toMatchObject({
    isBelieved: true,
    added: 1,
    vanished: 15,
  });
});

test('an answer that was doubted before is believed once its doubt is accepted, and no other doubt with it', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const rows = Array.from({ length: 60 }, (_, index) => ({ day: '2026-03-04', amount: -index - 1, text: 'SHOP' }));
  await answer(march, rows);
  await note(ctx, accountId, 'SHOP');
  expect(await answer(march, [], ['most_rows_missing'])).toMatchObject({ isBelieved: false, vanished: 0 });
  expect(await answer(march, rows.slice(0, 20), ['empty'])).toMatchObject({ isBelieved: false, vanished: 0 });
  expect(await answer(march, rows.slice(0, 20), ['most_rows_missing'])).toMatchObject({
    isBelieved: true,
    vanished: 40,
  });
  const both = await answer(march, [], ['empty', 'most_rows_missing']);
  expect(both).toMatchObject({ isBelieved: true, vanished: 20 });
  const edits = await ctx.db.transactionEdit.findMany({ where: { accountId }, select: { transactionId: true } });
  expect(edits).toEqual([{ transactionId: expect.any(String) }]);
});

test('an unreadable row, which may be any of the missing ones, lets none be taken for removed', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const rows = [1, 2, 3].map((amount) => ({ day: '2026-03-04', amount, text: 'SHOP' }));
  await answer(march, rows);
  const unreadable = { day: '2026-03-04', amount: 3, text: 'SHOP', rest: { amount: null } };
  const outcome = await answer(march, [...rows.slice(0, 2), unreadable]);
  expect(outcome).toMatchObject({ vanished: 0, setAside: [{ path: 'amount' }] });
  expect(await listRows(ctx, accountId)).toHaveLength(3);
});

test.each<[string, Partial<Row>]>([
  ['a NUL in its id', { n: 'ab\u0000c' }],
  ['a NUL in TrueLayer’s id', { rest: { transaction_id: 'x\u0000' } }],
  ['half a character in the bank’s id', { p: 'ab\ud83d' }],
  ['an id of a megabyte', { n: 'x'.repeat(1 << 20) }],
  ['a description of a megabyte', { text: '😀'.repeat(1 << 18) }],
  ['NUL in the names of its meta', { rest: { meta: { 'a\u0000b': { '\ud83d': 'c\u0000' } } } }],
  ['a very large meta', { rest: { meta: { note: 'y'.repeat(1 << 20) } } }],
  ['control characters in its merchant', { rest: { merchant_name: '\u0001\u0000\u009fM' } }],
])('%s costs the row none of its window (case 8)', async (_, odd) => {
  const { ctx, accountId, answer } = await anAccount();
  const rows = [
    { day: '2026-03-04', amount: -1, text: 'BEFORE' },
    { day: '2026-03-04', amount: -2, text: 'ODD', ...odd },
    { day: '2026-03-04', amount: -3, text: 'AFTER' },
  ];
  expect(await answer(march, rows)).toMatchObject({ added: 3, setAside: [] });
  expect(await answer(march, rows)).toMatchObject({ added: 0, changed: 0, vanished: 0 });
  const [row] = await ctx.db.transaction.findMany({ where: { accountId, amount: -2 } });
  expect(row?.description.length).toBeLessThanOrEqual(2000);
  expect(row?.normalisedId?.length ?? 0).toBeLessThanOrEqual(200);
});

test.each([1000, 5000, 50_000])(
  'meta nested %i levels deep costs the row none of its window (case 8)',
  async (depth) => {
    const { ctx, accountId } = await anAccount();
    const rows = [-1, -2, -3].map((amount) => ({
      ...toWire({ day: '2026-03-04', amount, text: 'SHOP' }),
      meta: amount,
    }));
    const nested = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const body = Buffer.from(JSON.stringify(rows).replace('"meta":-2', `"meta":${nested}`));
    const { rows: batches } = parseTransactions(body, 'account');
    const outcome = await inTransaction(ctx, (tx) =>
      storeBooked(tx, { accountId, window: march, batches, surely: march }),
    );
    expect(outcome.added + outcome.setAside.length).toBe(3);
    expect(await ctx.db.transaction.count({ where: { accountId, amount: { in: [-1, -3] } } })).toBe(2);
  },
);

test('a row that the database refuses is stored aside, and costs no other', async () => {
  const { ctx, accountId } = await anAccount();
  const rows = Array.from({ length: 40 }, (_, index) => ({
    day: '2026-03-04',
    amount: -index - 1,
    text: `SHOP ${index}`,
  }));
  const { rows: batches } = parseTransactions(Buffer.from(JSON.stringify(rows.map(toWire))), 'account');
  // The client reads no such row today: its currency breaks a constraint of the table.
  const broken = [...batches].map(({ items, setAside }) => ({
    items: items.map((item, index) => (index % 17 === 3 ? { ...item, currency: 'no currency' } : item)),
    setAside,
  }));
  const outcome = await inTransaction(ctx, (tx) =>
    storeBooked(tx, { accountId, window: march, batches: broken, surely: march }),
  );
  expect(outcome).toMatchObject({ added: 37 });
  const refused = outcome.setAside.map(({ reason, raw }) => `${reason} ${JSON.parse(raw).description}`);
  expect(refused.sort()).toEqual(['refused SHOP 20', 'refused SHOP 3', 'refused SHOP 37']);
  expect(await ctx.db.transaction.count({ where: { accountId } })).toBe(37);
});

test('rows of one answer with one id and different content are all stored; a row that is sent twice is stored once', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const tap = { day: '2026-03-04', amount: -1.75, text: 'TFL', n: 'standing-order-7' };
  const once = { day: '2026-03-05', amount: -9, text: 'GYM', n: 'txn-0123456789' };
  await answer(march, [once, tap, tap, { ...tap, day: '2026-03-03' }, once]);
  expect(await listRows(ctx, accountId)).toEqual(['3 -1.75 TFL', '4 -1.75 TFL', '4 -1.75 TFL', '5 -9 GYM']);
});

test('a booking that is moved over the first day of a window is neither lost nor doubled once both days are asked for', async () => {
  const { ctx, accountId, answer } = await anAccount();
  const bus = { day: '2026-03-08', amount: -1, text: 'BUS' };
  const gym = { day: '2026-03-03', amount: -20, text: 'GYM' };
  await answer(wholeQuarter, [bus, gym]);
  await note(ctx, accountId, 'GYM');
  const moved = { ...gym, day: '2026-02-27' };
  const { recheck } = await answer(march, [bus]);
  expect(recheck).toEqual({ from: '2026-02-24', to: '2026-02-28' });
  expect(await answer({ from: '2026-02-24', to: march.to }, [bus, moved])).toMatchObject({ recheck: null });
  expect(await listRows(ctx, accountId)).toEqual(['27 -20 GYM: on GYM', '8 -1 BUS']);
  // And back: now it comes in, while its old row lies outside.
  const back = await answer(march, [bus, gym]);
  expect(back.recheck).toEqual({ from: '2026-02-24', to: '2026-02-28' });
  await answer({ from: '2026-02-24', to: march.to }, [bus, gym]);
  expect(await listRows(ctx, accountId)).toEqual(['[27 -20 GYM: on GYM]', '3 -20 GYM', '8 -1 BUS']);
});

test('a new row that is far from the edge, or of an amount that no row before it has, casts no doubt on the days before', async () => {
  const { answer } = await anAccount();
  const gym = { day: '2026-02-27', amount: -20, text: 'GYM' };
  await answer(wholeQuarter, [gym]);
  expect(await answer(march, [{ ...gym, day: '2026-03-07' }])).toMatchObject({ added: 1, recheck: null });
  expect(
    await answer(march, [
      { ...gym, day: '2026-03-07' },
      { ...gym, day: '2026-03-02', amount: -21 },
    ]),
  ).toMatchObject({
    added: 1,
    recheck: null,
  });
});
