import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Context, createContext, inTransaction } from '#lib/context/context';
import { addAccount } from '#lib/testing/add-account';
import { addDays, type Day } from '#lib/time/day';
import { parseTransactions } from '#lib/truelayer/parse';
import { storeBooked } from './store-booked.ts';
import { sureDays, type Window } from './windows.ts';

const FIRST_DAY = '2026-03-01';

/** What the bank knows of a transaction; `key` is the truth's own and never leaves it. */
type Fact = { key: number; day: Day; minor: number; text: string; stableId: string | null; bankRowId: string | null };

type Answer = { order: 'newest' | 'oldest' | 'shuffled'; ignoresFrom: boolean; repeatsRows: boolean };

type Step = { daysLater: number; changes: Change[]; answer: Answer };

type Change =
  | { kind: 'book'; daysAgo: number; minor: number; text: string; ids: 'stable' | 'bank' | 'none' }
  | { kind: 'twin'; pick: number }
  | { kind: 'reword'; pick: number; text: string }
  | { kind: 'vanish'; pick: number }
  | { kind: 'give_id'; pick: number };

const text = fc.constantFrom('COFFEE', 'TESCO 2041', 'TESCO  2041 ', 'RENT', 'J SMITH', 'CARD\tPAYMENT');
const pick = fc.nat(50);
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('book' as const),
      daysAgo: fc.integer({ min: 0, max: 5 }),
      minor: fc.constantFrom(-350, -350, 1299, -99, 0),
      text,
      ids: fc.constantFrom('stable' as const, 'bank' as const, 'none' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('twin' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reword' as const), pick, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vanish' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('give_id' as const), pick }) },
);
const step: fc.Arbitrary<Step> = fc.record({
  daysLater: fc.integer({ min: 0, max: 4 }),
  changes: fc.array(change, { maxLength: 8 }),
  answer: fc.record({
    order: fc.constantFrom('newest' as const, 'oldest' as const, 'shuffled' as const),
    ignoresFrom: fc.boolean(),
    repeatsRows: fc.boolean(),
  }),
});

test('whatever a bank does to its rows between two answers, each transaction is stored exactly once', async () => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const { accountId } = await addAccount(ctx);
      const bank = createBank();
      for (const { daysLater, changes, answer } of steps) {
        bank.wait(daysLater);
        for (const each of changes) bank.change(each);
        await sync(ctx, accountId, bank, answer);
        expect(await listStored(ctx, accountId)).toEqual(bank.listTruth());
        const outcome = await sync(ctx, accountId, bank, { ...answer, order: 'newest' });
        expect(outcome).toMatchObject({ added: 0, vanished: 0 });
      }
    }),
    { numRuns: 60 },
  );
}, 600_000);

const aRow = (day: Day, minor: number, description: string, stableId: string | null = null): Fact => ({
  key: 0,
  day,
  minor,
  text: description,
  stableId,
  bankRowId: null,
});

async function store(ctx: Context, accountId: string, facts: readonly Fact[], window: Window, isWhole = true) {
  const body = Buffer.from(JSON.stringify({ results: facts.map(toWire), status: 'Succeeded' }));
  const { rows: batches } = parseTransactions(body, 'account');
  const surely = isWhole ? sureDays(window, window.to) : null;
  return inTransaction(ctx, (tx) => storeBooked(tx, { accountId, window, batches, surely }));
}

const week = { from: '2026-03-01', to: '2026-03-08' };

async function anAccount() {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId } = await addAccount(ctx);
  return { ctx, accountId };
}

test('a row that the bank rewords, re-dates or gives an id keeps its own, and so what hangs on it', async () => {
  const { ctx, accountId } = await anAccount();
  await store(ctx, accountId, [aRow('2026-03-04', -350, 'COFFE'), aRow('2026-03-04', -999, 'RENT')], week);
  const before = await ctx.db.transaction.findFirstOrThrow({ where: { accountId, description: 'COFFE' } });
  await store(ctx, accountId, [aRow('2026-03-04', -350, 'COFFEE'), aRow('2026-03-05', -999, 'RENT', 'txn-1')], week);
  const rows = await ctx.db.transaction.findMany({ where: { accountId }, orderBy: { bookedOn: 'asc' } });
  expect(rows).toMatchObject([
    { id: before.id, description: 'COFFEE', firstSeenAt: before.firstSeenAt },
    { description: 'RENT', normalisedId: 'txn-1', vanishedAt: null },
  ]);
});

test('an answer with rows left out, and an empty one, take nothing away', async () => {
  const { ctx, accountId } = await anAccount();
  const rows = Array.from({ length: 8 }, (_, index) => aRow('2026-03-04', -100 * (index + 1), 'SHOP'));
  await store(ctx, accountId, rows, week);
  expect(await store(ctx, accountId, rows.slice(0, 2), week, false)).toMatchObject({ vanished: 0 });
  expect(await store(ctx, accountId, [], week)).toMatchObject({ isBelieved: false, vanished: 0 });
  expect(await store(ctx, accountId, rows.slice(0, 6), week)).toMatchObject({ vanished: 2 });
});

test('a row that went and came back is there once, as itself', async () => {
  const { ctx, accountId } = await anAccount();
  const rows = [aRow('2026-03-04', -350, 'COFFEE'), aRow('2026-03-04', -999, 'RENT')];
  await store(ctx, accountId, rows, week);
  await store(ctx, accountId, rows.slice(1), week);
  await store(ctx, accountId, rows, week);
  expect(await ctx.db.transaction.findMany({ where: { accountId } })).toMatchObject([
    { vanishedAt: null },
    { vanishedAt: null },
  ]);
});

test('two who store the same answer at once store it once, and one who dies leaves nothing', async () => {
  const { ctx, accountId } = await anAccount();
  const rows = Array.from({ length: 300 }, (_, index) => aRow('2026-03-04', -index, 'SHOP'));
  const died = inTransaction(ctx, async (tx) => {
    const { rows: batches } = parseTransactions(Buffer.from(JSON.stringify(rows.map(toWire))), 'account');
    await storeBooked(tx, { accountId, window: week, batches, surely: null });
    throw new Error('killed');
  });
  await expect(died).rejects.toThrow('killed');
  expect(await ctx.db.transaction.count({ where: { accountId } })).toBe(0);
  await Promise.all([store(ctx, accountId, rows, week), store(ctx, accountId, rows, week)]);
  expect(await ctx.db.transaction.count({ where: { accountId } })).toBe(300);
});

test('amounts stay as they were written, to the last digit', async () => {
  const { ctx, accountId } = await anAccount();
  const amounts = ['0.1', '-12345678901234567.89', '1e-7', '-0.00', '100'];
  const results = amounts.map((amount, index) =>
    JSON.stringify(toWire(aRow('2026-03-04', index, 'X'))).replace(/"amount":[^,]+/, `"amount":${amount}`),
  );
  const { rows: batches } = parseTransactions(Buffer.from(`[${results.join(',')}]`), 'card');
  await inTransaction(ctx, (tx) => storeBooked(tx, { accountId, window: week, batches, surely: null }));
  const stored = await ctx.db.transaction.findMany({
    where: { accountId },
    select: { amount: true, effect: true },
    orderBy: { position: 'asc' },
  });
  expect(stored.map(({ amount, effect }) => [amount.toFixed(), effect.toFixed()]).sort()).toEqual(
    [
      ['0.1', '-0.1'],
      ['-12345678901234567.89', '12345678901234567.89'],
      ['0.0000001', '-0.0000001'],
      ['0', '0'],
      ['100', '-100'],
    ].sort(),
  );
});

test('a character that the database cannot hold costs that character and no more', async () => {
  const { ctx, accountId } = await anAccount();
  await store(ctx, accountId, [aRow('2026-03-04', -350, 'CO\0FFEE')], week);
  expect(await ctx.db.transaction.findFirst({ where: { accountId } })).toMatchObject({ description: 'COFFEE' });
});

function createBank() {
  let today: Day = FIRST_DAY;
  let lastSync: Day = FIRST_DAY;
  let key = 0;
  let facts: Fact[] = [];
  /** What a bank may still change: days that the next answer surely covers. */
  const recent = () => facts.filter(({ day }) => day > addDays(lastSync, -7));
  const chosen = (at: number) => recent()[at % Math.max(1, recent().length)];
  const put = (fact: Omit<Fact, 'key'>) => void facts.push({ ...fact, key: key++ });
  return {
    wait: (days: number) => {
      today = addDays(today, days);
    },
    change(each: Change) {
      if (each.kind === 'book') {
        const day = addDays(today, -each.daysAgo);
        const bankRowId = each.ids === 'none' ? null : `row-${key}`;
        return put({
          ...each,
          day: day < FIRST_DAY ? FIRST_DAY : day,
          stableId: each.ids === 'stable' ? `txn-${key}` : null,
          bankRowId,
        });
      }
      const fact = chosen(each.pick);
      if (fact === undefined) return;
      const rest = facts.filter((other) => other !== fact);
      if (each.kind === 'twin')
        put({ ...fact, stableId: fact.stableId && `txn-${key}`, bankRowId: fact.bankRowId && `row-${key}` });
      // With the last of its window it would be an empty answer, which isn't believed.
      else if (each.kind === 'vanish') facts = recent().length > 1 ? rest : facts;
      else if (each.kind === 'reword') facts = [...rest, { ...fact, text: each.text }];
      else facts = [...rest, { ...fact, stableId: `txn-late-${fact.key}` }];
    },
    window(): Window {
      return { from: addDays(lastSync, -7), to: today };
    },
    answer(window: Window, { order, ignoresFrom, repeatsRows }: Answer): Uint8Array {
      const rows = facts.filter(({ day }) => ignoresFrom || day >= window.from);
      rows.sort(
        (one, other) => (order === 'oldest' ? 1 : -1) * one.day.localeCompare(other.day) || one.key - other.key,
      );
      if (order === 'shuffled') rows.sort((one, other) => ((one.key * 7919) % 13) - ((other.key * 7919) % 13));
      const repeated = repeatsRows ? rows.filter(({ bankRowId }) => bankRowId !== null).slice(0, 2) : [];
      return Buffer.from(JSON.stringify({ results: [...rows, ...repeated].map(toWire), status: 'Succeeded' }));
    },
    synced() {
      lastSync = today;
    },
    listTruth: () =>
      facts.map(({ day, minor, text: description }) => lineOf(day, String(minor / 100), description)).sort(),
  };
}

function toWire({ day, minor, text: description, stableId, bankRowId }: Fact) {
  return {
    transaction_id: crypto.randomUUID(),
    ...(stableId === null ? {} : { normalised_provider_transaction_id: stableId }),
    ...(bankRowId === null ? {} : { provider_transaction_id: bankRowId }),
    timestamp: `${day}T00:00:00Z`,
    description,
    amount: minor / 100,
    currency: 'GBP',
    transaction_type: minor < 0 ? 'DEBIT' : 'CREDIT',
    transaction_category: 'PURCHASE',
    transaction_classification: [],
  };
}

const lineOf = (day: string, amount: string, description: string) =>
  `${day} ${Number(amount)} ${description.trim().replace(/\s+/g, ' ')}`;

async function sync(ctx: Context, accountId: string, bank: ReturnType<typeof createBank>, answer: Answer) {
  const window = bank.window();
  const { rows } = parseTransactions(bank.answer(window, answer), 'account');
  const outcome = await inTransaction(ctx, (tx) =>
    storeBooked(tx, { accountId, window, batches: rows, surely: sureDays(window, window.to) }),
  );
  bank.synced();
  return outcome;
}

async function listStored(ctx: Context, accountId: string): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ day: string; amount: string; description: string }[]>`
    select booked_on::text as day, amount::text, description from transactions
    where account_id = ${accountId}::uuid and vanished_at is null`;
  return rows.map(({ day, amount, description }) => lineOf(day, amount, description)).sort();
}
