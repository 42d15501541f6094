import { expect, test } from 'vitest';
import { addDays } from '#lib/time/day';
import { addMonths, findSeries } from './find-series.ts';

const TODAY = '2026-11-22';

function monthly(months: number, day: number, minor: (index: number) => number) {
  return Array.from({ length: months }, (_, index) => ({
    day: addMonths('2026-10-01', index - months + 1, 1).slice(0, 8) + String(day).padStart(2, '0'),
    minor: BigInt(minor(index)),
  }));
}

test('a bill of every month comes round, weekends or not, and its next day is the usual one', () => {
  const postings = monthly(6, 3, () => -1099);
  const shifted = postings.map((posting, index) =>
    index === 4 ? { ...posting, day: addDays(posting.day, 2) } : posting,
  );
  expect(findSeries(shifted, '2026-10-20')).toMatchObject({
    cadence: 'monthly',
    minor: -1099n,
    isAmountSteady: true,
    occurrences: 6,
    lastOn: '2026-10-03',
    nextOn: '2026-11-03',
  });
});

test.each([
  ['after', ['2025-09-29', '2025-10-28', '2025-11-28', '2025-12-29', '2026-01-28', '2026-03-02'], '2026-03-28'],
  ['before', ['2025-12-01', '2026-01-01', '2026-01-30', '2026-03-02', '2026-04-01', '2026-04-30'], '2026-06-01'],
])('a weekend that pushes a bill %s the turn of the month costs no month', (_, days, nextOn) => {
  const postings = days.map((day) => ({ day, minor: -1099n }));
  expect(findSeries(postings, addDays(days.at(-1) ?? '', 3))).toMatchObject({ cadence: 'monthly', nextOn });
});

test('an amount that wanders is said to, and the middle one stands for it', () => {
  const postings = monthly(8, 12, (index) => -9000 - (index % 3) * 500);
  expect(findSeries(postings, '2026-10-20')).toMatchObject({ isAmountSteady: false, minor: -9500n });
});

test('weekly, fortnightly, four-weekly, quarterly and yearly are told apart', () => {
  const every = (days: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      day: addDays(TODAY, -2 - days * (count - 1 - index)),
      minor: -500n,
    }));
  expect(findSeries(every(7, 8), TODAY)).toMatchObject({ cadence: 'weekly', nextOn: addDays(TODAY, 5) });
  expect(findSeries(every(14, 6), TODAY)?.cadence).toBe('fortnightly');
  expect(findSeries(every(28, 8), TODAY)?.cadence).toBe('four_weekly');
  expect(findSeries(every(91, 5), TODAY)?.cadence).toBe('quarterly');
  expect(findSeries(every(365, 3), TODAY)).toMatchObject({ cadence: 'yearly', nextOn: '2027-11-20' });
});

test('shopping isn’t a series, nor is what has stopped', () => {
  const shopping = [0, 3, 4, 9, 17, 18, 26, 40, 41, 55].map((days) => ({
    day: addDays('2026-09-20', days),
    minor: -2000n,
  }));
  expect(findSeries(shopping, TODAY)).toBeNull();
  const tills = Array.from({ length: 8 }, (_, index) => ({
    day: addDays(TODAY, -56 + index * 7),
    minor: BigInt([-300, -9000, -120, -4400, -80, -15000, -700, -2500][index] ?? 0),
  }));
  expect(findSeries(tills, TODAY)).toBeNull();
  expect(
    findSeries(
      monthly(6, 3, () => -1099).map(({ minor }, index) => ({ minor, day: addMonths('2025-01-03', index, 3) })),
      TODAY,
    ),
  ).toBeNull();
});

test('a subscription among purchases at the same shop is found by its amount', () => {
  const prime = monthly(6, 14, () => -899);
  const rest = [1, 2, 9, 33, 34, 60, 77, 101, 140].map((days, index) => ({
    day: addDays('2026-05-20', days),
    minor: BigInt(-1000 - index * 731),
  }));
  const all = [...prime, ...rest].sort((one, other) => one.day.localeCompare(other.day));
  expect(findSeries(all, '2026-10-20')).toMatchObject({ cadence: 'monthly', minor: -899n, ofAmount: -899n });
});

test('a pause of two months, as of council tax, ends nothing', () => {
  const days = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19].map((month) => addMonths('2025-01-05', month - 1, 5));
  const postings = days.map((day) => ({ day, minor: -15000n }));
  expect(findSeries(postings, addDays(days.at(-1) ?? '', 3))?.cadence).toBe('monthly');
});

test('the thirty-first falls on the last day of a short month', () => {
  expect(addMonths('2026-01-31', 1, 31)).toBe('2026-02-28');
  expect(addMonths('2026-02-28', 1, 31)).toBe('2026-03-31');
});
