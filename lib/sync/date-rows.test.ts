import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COUNTRY_ZONES } from '#lib/time/country-zone';
import type { Day } from '#lib/time/day';
import { parseTransactions } from '#lib/truelayer/parse';
import type { Transaction } from '#lib/truelayer/transactions';
import { type Dating, dateRows, undatedKey } from './date-rows.ts';

const LONDON = 'Europe/London';

function received(timestamps: readonly unknown[]) {
  const results = timestamps.map((timestamp) => ({
    transaction_id: 't',
    timestamp,
    description: 'FEE',
    amount: -1,
    currency: 'GBP',
  }));
  return parseTransactions(Buffer.from(JSON.stringify({ results, status: 'Succeeded' })), 'account').rows;
}

function date(timestamps: readonly unknown[], change: Partial<Dating> = {}): Transaction[] {
  const dating = { zone: LONDON, lastDay: '2026-03-10', isInWindow: () => true, undated: new Map(), ...change };
  return [...dateRows(received(timestamps), dating)].flatMap(({ items }) => items);
}

const daysOf = (rows: readonly Transaction[]) => rows.map(({ timestamp }) => timestamp.day);

test.each([
  ['2026-07-11T23:30:00Z', LONDON, '2026-07-12', '2026-07-11T23:30:00.000Z'],
  ['2026-07-11T23:30:00.1234567Z', LONDON, '2026-07-12', '2026-07-11T23:30:00.123Z'],
  ['2026-07-12T00:30:00+01:00', LONDON, '2026-07-12', '2026-07-11T23:30:00.000Z'],
  ['2026-07-12T01:30:00+02:00', LONDON, '2026-07-12', '2026-07-11T23:30:00.000Z'],
  ['2026-07-11T23:30:00Z', 'Europe/Berlin', '2026-07-12', '2026-07-11T23:30:00.000Z'],
  ['2026-01-11T22:30:00Z', 'Europe/Helsinki', '2026-01-12', '2026-01-11T22:30:00.000Z'],
  ['2026-01-11T23:30:00Z', LONDON, '2026-01-11', '2026-01-11T23:30:00.000Z'],
  ['2026-07-11T23:30:00', LONDON, '2026-07-11', '2026-07-11T22:30:00.000Z'],
  ['2026-07-11T00:30:00', 'Europe/Athens', '2026-07-11', '2026-07-10T21:30:00.000Z'],
  ['1783812600', LONDON, '2026-07-12', '2026-07-11T23:30:00.000Z'],
])('%s at a bank in %s is of %s', (raw, zone, day, instant) => {
  const [row] = date([raw], { zone });
  expect(row?.timestamp).toEqual({ raw, day, instant: new Date(instant), hasTime: true });
});

test.each([
  ['2026-07-11T00:00:00Z', LONDON, '2026-07-11'],
  ['2026-07-11T00:00:00Z', 'America/New_York', '2026-07-11'],
  ['2026-07-11T00:00:00+02:00', 'Europe/Berlin', '2026-07-11'],
  ['2026-07-11T00:00:00', 'Europe/Helsinki', '2026-07-11'],
  ['2026-07-11', 'Australia/Sydney', '2026-07-11'],
  ['2026-07-10T23:00:00Z', LONDON, '2026-07-11'],
  ['2026-07-10T22:00:00Z', 'Europe/Madrid', '2026-07-11'],
  ['2026-02-30T23:30:00Z', 'Europe/Helsinki', '2026-02-28'],
])('%s at a bank in %s is the bare day %s', (raw, zone, day) => {
  expect(date([raw], { zone })[0]?.timestamp).toMatchObject({ day, hasTime: false });
});

test('a row without a date has the day of the row before it, or of the next one, or the last day asked for', () => {
  expect(daysOf(date([null, '2026-03-05', null, 'soon', '2026-03-02', null]))).toEqual([
    '2026-03-05',
    '2026-03-05',
    '2026-03-05',
    '2026-03-05',
    '2026-03-02',
    '2026-03-02',
  ]);
  expect(daysOf(date([null, 'soon']))).toEqual(['2026-03-10', '2026-03-10']);
});

const KEY = undatedKey({ amount: '-1', currency: 'GBP', description: 'FEE', dateAsSent: '' });

test('a row without a date keeps the day it was first given, whatever stands beside it now', () => {
  const undated = () => new Map([[KEY, ['2026-03-03', '2026-03-04']]]);
  expect(daysOf(date(['2026-03-06', null], { undated: undated() }))).toEqual(['2026-03-06', '2026-03-04']);
  expect(daysOf(date([null, null, null], { undated: undated() }))).toEqual(['2026-03-03', '2026-03-04', '2026-03-10']);
});

test('a stored one from before the window is last month’s fee where the answer has dates, and the same row where it has none', () => {
  const isInWindow = (day: Day) => day >= '2026-03-01';
  const undated = () => new Map([[KEY, ['2026-02-05']]]);
  expect(daysOf(date(['2026-03-06', null], { isInWindow, undated: undated() }))[1]).toBe('2026-03-06');
  expect(daysOf(date([null], { isInWindow, undated: undated() }))).toEqual(['2026-02-05']);
});

test('every row of an answer comes out with a day, in its order', () => {
  const stamp = fc.oneof(
    fc.constantFrom(
      null,
      '',
      'x',
      '0000-00-00',
      '2026-02-30',
      '2026-13-01',
      '9999-12-31T00:00:00Z',
      '2026-03-04T23:59:59Z',
    ),
    fc.string(),
    fc
      .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') })
      .map((at) => at.toISOString()),
  );
  fc.assert(
    fc.property(fc.array(stamp, { maxLength: 12 }), fc.constantFrom(...COUNTRY_ZONES.values()), (stamps, zone) => {
      const rows = date(stamps, { zone });
      expect(rows).toHaveLength(stamps.length);
      for (const { timestamp } of rows) expect(timestamp.day).toMatch(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
    }),
    { numRuns: 500 },
  );
});

test('the migration knows the same zones', () => {
  const sql = readFileSync('prisma/migrations/20261128182000_account_calendar/migration.sql', 'utf8');
  const listed = [...sql.matchAll(/\('([a-z]{2})', '([A-Z]\w+\/\w+)'\)/g)].map(([, country, zone]) => [country, zone]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(COUNTRY_ZONES));
});
