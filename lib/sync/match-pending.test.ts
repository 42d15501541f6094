import { expect, test } from 'vitest';
import { addDays } from '#lib/time/day';
import { matchPending, type PendingFacts, type StoredPending } from './match-pending.ts';

/** `day amount text`, and after a `#` TrueLayer's id. */
function parse(line: string): PendingFacts {
  const [words = '', trueLayerId = null] = line.split(' #');
  const [day = '', amount = '', ...text] = words.split(' ');
  return {
    trueLayerId,
    day: addDays('2026-03-01', Number(day) - 1),
    amount,
    currency: 'GBP',
    description: text.join(' '),
    merchantName: null,
    coding: 'PURCHASE',
    classification: [],
  };
}

const stored = (line: string): StoredPending => ({ ...parse(line), id: line });
const match = (before: string[], after: string[]) => matchPending(before.map(stored), after.map(parse));

test.each([
  ['an equal row', '4 -3.50 COFFEE', '4 -3.50 COFFEE'],
  ['the day moved', '4 -3.50 COFFEE', '5 -3.50 COFFEE'],
  ['the text was completed', '4 -41.20 TESCO', '4 -41.20 TESCO STORES 3213'],
  ['the text was completed and the day moved', '4 -41.20 TESCO', '5 -41.20 TESCO STORES 3213'],
  ['the text came later', '4 -41.20 PENDING', '4 -41.20 DISHOOM'],
  ['a short name', '4 -41.20 7-11 0042', '4 -41.20 7-11 0042'],
  ['a tip', '4 -40.00 DISHOOM', '4 -45.00 DISHOOM'],
  ['a tip, and a longer text', '4 -40.00 TESCO', '4 -45.00 TESCO STORES'],
  ['a fare', '4 -0.10 TFL', '4 -7.70 TFL TRAVEL CH'],
  ['a hold of nothing', '4 0 TFL', '4 -7.70 TFL'],
  ['the same id and amount', '4 -41.20 SQ MARIA #x', '5 -41.20 LOPEZ CATERING #x'],
])('recognises a pending row: %s', (_, before, after) => {
  expect(match([before], [after])).toEqual([before]);
  expect(match(['4 -9.00 LUNCH', before], [after, '4 -9.00 LUNCH'])).toEqual([before, '4 -9.00 LUNCH']);
});

test.each([
  ['another purchase at the same shop', '4 -42.10 TESCO', '4 -8.00 TESCO'],
  ['another purchase on another day', '4 -40.00 DISHOOM', '5 -45.00 DISHOOM'],
  ['a refund', '4 -40.00 DISHOOM', '4 40.00 DISHOOM'],
  ['another shop', '4 -40.00 DISHOOM', '4 -41.00 GREGGS'],
  ['the same id with other content', '4 -40.00 DISHOOM #x', '5 -8.00 GREGGS #x'],
  ['a text that names nobody, with another amount', '4 -40.00 PENDING', '4 -41.00 PENDING'],
])('takes for new: %s', (_, before, after) => {
  expect(match([before], [after])).toEqual([null]);
});

test('of two that could be meant, none is', () => {
  expect(match(['4 -40.00 DISHOOM'], ['4 -41.00 DISHOOM', '4 -42.00 DISHOOM'])).toEqual([null, null]);
  expect(match(['4 -0.10 TFL', '4 -0.20 TFL'], ['4 -7.70 TFL'])).toEqual([null]);
});

test('equal rows are matched by id, and otherwise one each', () => {
  const before = ['4 -3.50 COFFEE #a', '4 -3.50 COFFEE #b'];
  expect(match(before, ['4 -3.50 COFFEE #b', '4 -3.50 COFFEE #c', '4 -3.50 COFFEE #d'])).toEqual([
    '4 -3.50 COFFEE #b',
    '4 -3.50 COFFEE #a',
    null,
  ]);
});

test('ten thousand rows are matched in less than a minute', { timeout: 60_000 }, () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => `4 -${index}.50 SHOP ${index}`);
  expect(match(rows, rows.toReversed())).toEqual(rows.toReversed());
});
