import { expect, test } from 'vitest';
import { MatchingLimitError } from './assign-by-similarity.ts';
import { matchTransactions } from './match-transactions.ts';
import type { ReceivedFacts, StoredFacts } from './open-rows.ts';

type Row = { day: number; amount: string; text: string; ids?: string[] };
type Old = Row & { hasEdit?: boolean; isRemoved?: boolean; canMoveDay?: boolean };

const dayOfMarch = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;

/** Each row is named by its place. Gives, by received row, the stored one that it is. */
function match(olds: readonly Old[], news: readonly Row[], shared: string[] = []): (number | null)[] {
  const stored = olds.map(
    ({ day, text, ids = [], amount, hasEdit = false, isRemoved = false, canMoveDay = true }, id): StoredFacts => ({
      id: String(id),
      day: dayOfMarch(day),
      amount,
      currency: 'GBP',
      description: text,
      ids,
      hasEdit,
      isRemoved,
      canMoveDay,
    }),
  );
  const received = news.map(
    ({ day, text, ids = [], amount }, key): ReceivedFacts<number> => ({
      key,
      day: dayOfMarch(day),
      amount,
      currency: 'GBP',
      description: text,
      ids,
    }),
  );
  const matches = matchTransactions(stored, received, new Set(shared));
  return news.map((_, key) => (matches.has(key) ? Number(matches.get(key)) : null));
}

const salary = { day: 8, amount: '2500', text: 'SALARY' };
const roundUp = { day: 8, amount: '-4', text: 'ROUND UP' };
const shoes = { day: 8, amount: '-85', text: 'SHOES' };

test('a position that is used again for another row moves nothing (case 2)', () => {
  const olds = [
    { ...salary, ids: ['n:aaaa.0'] },
    { ...roundUp, ids: ['n:aaaa.1'] },
  ];
  const news = [
    { ...shoes, ids: ['n:aaaa.0'] },
    { ...salary, ids: ['n:aaaa.1'] },
    { ...roundUp, ids: ['n:aaaa.2'] },
  ];
  expect(match(olds, news)).toEqual([null, 0, 1]);
});

test('the closest descriptions of a day and an amount are paired, whatever the ids and the order (case 3)', () => {
  const olds = [
    { day: 4, amount: '-35', text: '04.03 EXAMPLE STORE', ids: ['n:txn-1'] },
    { day: 4, amount: '-35', text: '04.03 OTHER SHOP', ids: ['n:txn-2'] },
  ];
  const news = [
    { day: 4, amount: '-35', text: 'OTHER SHOP', ids: ['n:txn-3'] },
    { day: 4, amount: '-35', text: 'EXAMPLE STORE', ids: ['n:txn-4'] },
  ];
  expect(match(olds, news)).toEqual([1, 0]);
  expect(match(olds, news.toReversed())).toEqual([0, 1]);
});

test('the best pair of all is taken, not the first that will do', () => {
  const olds = [
    { day: 4, amount: '-5', text: 'TESCO STORES 2041' },
    { day: 4, amount: '-5', text: 'TESCO STORES 3055' },
    { day: 4, amount: '-5', text: 'CINEMA' },
  ];
  const news = [
    { day: 4, amount: '-5', text: 'TESCO 3055' },
    { day: 4, amount: '-5', text: 'BOOKSHOP' },
    { day: 4, amount: '-5', text: 'TESCO 2041' },
  ];
  expect(match(olds, news)).toEqual([1, null, 0]);
});

test('an id that agrees recognises a row under another description on its day, and under nearly the same one days later', () => {
  const old = { day: 4, amount: '-9', text: 'CARD 8273', ids: ['n:txn-1'] };
  expect(match([old], [{ ...old, text: 'Tesco' }])).toEqual([0]);
  expect(match([{ ...old, canMoveDay: false }], [{ ...old, day: 6, text: 'CARD 8273 X' }])).toEqual([0]);
  expect(match([old], [{ ...old, day: 6, text: 'Tesco' }])).toEqual([null]);
  expect(match([old], [{ ...old, day: 20 }])).toEqual([null]);
});

test.each([
  ['another amount', { amount: '-9.01' }],
  ['another sign', { amount: '9' }],
])('the same id with %s is another transaction', (_, change) => {
  const old = { day: 4, amount: '-9', text: 'SHOP', ids: ['n:txn-1'] };
  expect(match([old], [{ ...old, ...change }])).toEqual([null]);
});

test.each([
  ['shared by rows of the account', [], ['n:txn-1']],
  ['on two rows of the answer', [{ day: 4, amount: '-1', text: 'OTHER', ids: ['n:txn-1'] }], []],
  [
    'of a kind that moves between rows',
    [
      { day: 5, amount: '-2', text: 'BUS', ids: ['n:txn-3'] },
      { day: 5, amount: '-3', text: 'TRAIN', ids: ['n:txn-2'] },
    ],
    [],
  ],
])('an id %s is no evidence', (_, others, shared) => {
  const olds = [
    { day: 4, amount: '-9', text: 'SHOP', ids: ['n:txn-1'] },
    { day: 5, amount: '-2', text: 'BUS', ids: ['n:txn-2'] },
  ];
  const [found] = match(olds, [{ day: 4, amount: '-9', text: 'CINEMA', ids: ['n:txn-1'] }, ...others], shared);
  expect(found).toBeNull();
});

test('a row moves by a few days where nothing else could be meant', () => {
  const old = { day: 10, amount: '-20', text: 'GYM' };
  expect(match([old], [{ ...old, day: 13 }])).toEqual([0]);
  expect(match([old], [{ ...old, day: 13, text: 'GYM LONDON' }])).toEqual([0]);
  expect(match([old], [{ ...old, day: 16 }])).toEqual([null]);
  expect(match([old], [{ ...old, day: 13, text: 'CINEMA' }])).toEqual([null]);
  expect(
    match(
      [old],
      [
        { ...old, day: 9 },
        { ...old, day: 13 },
      ],
    ),
  ).toEqual([null, null]);
  expect(match([{ ...old, canMoveDay: false }], [{ ...old, day: 13 }])).toEqual([null]);
});

test('a whole series of equal rows moves together, in its order', () => {
  const series = [3, 5, 9].map((day) => ({ day, amount: '-1.75', text: 'TFL' }));
  expect(match(series, series.map((row) => ({ ...row, day: row.day + 1 })).toReversed())).toEqual([2, 1, 0]);
});

test('of equal rows the one that the user has written on stays', () => {
  const coffee = { day: 4, amount: '-3.5', text: 'COFFEE' };
  expect(match([coffee, { ...coffee, hasEdit: true }], [coffee])).toEqual([1]);
  expect(match([coffee, coffee], [coffee, coffee, coffee])).toEqual([0, 1, null]);
});

test('a removed row that comes back is the same row, and gives way to a visible one', () => {
  const rent = { day: 4, amount: '-900', text: 'RENT' };
  expect(match([{ ...rent, isRemoved: true }], [rent])).toEqual([0]);
  expect(match([{ ...rent, isRemoved: true }], [{ ...rent, text: 'RENT MARCH' }])).toEqual([0]);
  expect(match([{ ...rent, isRemoved: true }], [{ ...rent, text: 'CINEMA' }])).toEqual([null]);
  expect(match([{ ...rent, isRemoved: true, hasEdit: true }, rent], [rent])).toEqual([1]);
});

test('20,000 rows under new ids, and with new descriptions, each find their row in time that grows with their number', () => {
  const rows = (count: number, text: (index: number) => string, id: string) =>
    Array.from({ length: count }, (_, index) => ({
      day: 1 + (index % 28),
      amount: String(-(index % 500) / 4),
      text: text(index),
      ids: [`n:${id}-${index}`],
    }));
  const timed = (count: number) => {
    const olds = rows(count, (index) => `SHOP${index} CARD`, 'old');
    const news = rows(count, (index) => `VISA PURCHASE SHOP${index}`, 'new');
    const startedAt = performance.now();
    const found = match(olds, news);
    expect(found).toEqual(olds.map((_, index) => index));
    return performance.now() - startedAt;
  };
  timed(1000);
  const small = timed(5000);
  expect(timed(20_000) / small).toBeLessThan(16);
});

test('where too many descriptions of one amount have nothing in common, nothing is decided', () => {
  const rows = (word: string) =>
    Array.from({ length: 2000 }, (_, index) => ({ day: 4, amount: '-1', text: `${word}${String(index * 7919)}` }));
  expect(() => match(rows('A'), rows('B'))).toThrow(MatchingLimitError);
});
