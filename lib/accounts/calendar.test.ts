import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { groupByDay } from '#lib/format/group-by-day';
import { storeBooked } from '#lib/sync/store-booked';
import { storePending } from '#lib/sync/store-pending';
import { addAccount } from '#lib/testing/add-account';
import { dayIn } from '#lib/time/calendar';
import { fixedClock } from '#lib/time/clock';
import { COUNTRY_ZONES, zoneOfCountry } from '#lib/time/country-zone';
import { addDays } from '#lib/time/day';
import { parsePendingTransactions, parseTransactions } from '#lib/truelayer/parse';
import { exportTransactions } from './export-transactions.ts';
import { getTransaction } from './get-transaction.ts';
import { listTransactions } from './list-transactions.ts';

type Wire = { timestamp: unknown; amount?: unknown; description?: string; id?: string };

const bodyOf = (rows: readonly Wire[]) =>
  Buffer.from(
    JSON.stringify({
      results: rows.map(({ id, ...row }, index) => ({
        transaction_id: `t${index}`,
        normalised_provider_transaction_id: id,
        description: `ROW ${index}`,
        amount: -1,
        currency: 'GBP',
        ...row,
      })),
      status: 'Succeeded',
    }),
  );

/** An account at a bank of this country, as its owner reads it and as a job stores it, on the morning of 28 November 2026. */
async function anAccountIn(country: string, now = '2026-11-28T09:00:00Z') {
  const system = await createContext({ actor: { kind: 'system', job: 'test' } });
  const { accountId, userId } = await addAccount(system, { bankId: `ob-${country}` });
  await system.db.bank.update({ where: { id: `ob-${country}` }, data: { country }, select: { id: true } });
  const at = (instant: string): Context => ({ ...system, clock: fixedClock(new Date(instant)) });
  const store = (rows: readonly Wire[], on = now, from = '2020-01-01') => {
    const to = on.slice(0, 10);
    const surely = { from: addDays(from, 1), to };
    const { rows: batches } = parseTransactions(bodyOf(rows), 'account');
    return inTransaction(at(on), (tx) => storeBooked(tx, { accountId, window: { from, to }, batches, surely }));
  };
  const reader = (on = now) => actingAs(at(on), { kind: 'user', userId });
  return { accountId, system, at, store, reader };
}

async function csvOf(ctx: Context, accountId: string): Promise<Record<string, string>[]> {
  let csv = '';
  for await (const chunk of (await exportTransactions(ctx, { accountId })).lines) csv += chunk;
  const [head = '', ...rows] = csv
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index], cell])));
}

test.each([
  ['uk', '2026-07-11T23:30:00Z', '2026-07-12', '2026-07-12T00:30:00+01:00'],
  ['ie', '2026-07-11T23:30:00+00:00', '2026-07-12', '2026-07-12T00:30:00+01:00'],
  ['de', '2026-07-11T22:30:00.1234567Z', '2026-07-12', '2026-07-12T00:30:00+02:00'],
  ['fi', '2026-01-11T22:30:00Z', '2026-01-12', '2026-01-12T00:30:00+02:00'],
  ['pt', '2026-01-11T23:30:00Z', '2026-01-11', '2026-01-11T23:30:00+00:00'],
  ['uk', '2026-07-11T23:30:00', '2026-07-11', '2026-07-11T23:30:00+01:00'],
  ['uk', '2026-07-11T00:00:00Z', '2026-07-11', ''],
  ['es', '2026-07-10T22:00:00Z', '2026-07-11', ''],
  ['lt', '2026-07-11', '2026-07-11', ''],
])('at a bank in %s, %s is of %s in list, group, CSV and detail', async (country, timestamp, day, time) => {
  const { accountId, store, reader } = await anAccountIn(country);
  await store([{ timestamp }]);
  const { booked } = await listTransactions(reader(), { accountId });
  expect(booked).toMatchObject([{ day }]);
  expect(groupByDay(booked, (line) => line.day)).toMatchObject([{ day }]);
  expect(await csvOf(reader(), accountId)).toMatchObject([{ date: day, time, date_note: '' }]);
  const detail = await getTransaction(reader(), { accountId, transactionId: booked[0]?.id ?? '' });
  expect(detail).toMatchObject({ day, zone: zoneOfCountry(country), dateDoubt: null });
  if (detail.at !== null) expect(dayIn(detail.zone, detail.at)).toBe(day);
  expect(detail.at === null).toBe(time === '');
});

test('for any instant at any bank, the day is the same in list, group, CSV and detail, and is what its clocks showed', async () => {
  const countries = [...COUNTRY_ZONES.keys()];
  const accounts = new Map(
    await Promise.all(countries.slice(0, 8).map(async (country) => [country, await anAccountIn(country)] as const)),
  );
  const instant = fc.date({ min: new Date('2020-01-03'), max: new Date('2026-11-27'), noInvalidDate: true });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...accounts.keys()),
      fc.array(instant, { minLength: 1, maxLength: 20 }),
      async (country, instants) => {
        const account = accounts.get(country);
        if (account === undefined) throw new Error('no such account');
        const { accountId, store, reader } = account;
        await store(instants.map((at, index) => ({ timestamp: at.toISOString(), id: `${country}-${index}` })));
        const { booked } = await listTransactions(reader(), { accountId, limit: 200 });
        const expected = instants.map((at) => dayIn(zoneOfCountry(country), at)).sort();
        expect(booked.map(({ day }) => day).sort()).toEqual(expected);
        const csv = new Map((await csvOf(reader(), accountId)).map((row) => [row.transaction_id, row]));
        for (const line of booked) {
          expect(csv.get(line.id)?.date).toBe(line.day);
          if (line.at !== null) expect(csv.get(line.id)?.time?.slice(0, 10)).toBe(line.day);
          expect((await getTransaction(reader(), { accountId, transactionId: line.id })).day).toBe(line.day);
        }
        expect(groupByDay(booked, ({ day }) => day).map(({ day }) => day)).toEqual([...new Set(expected)].reverse());
      },
    ),
    { numRuns: 25 },
  );
});

test('a booked row that is dated ahead is there, marked so until its day, through later syncs, and gone when withdrawn', async () => {
  const { accountId, store, reader } = await anAccountIn('uk');
  const monday = { timestamp: '2026-11-30T00:00:00Z', description: 'RENT', amount: -950 };
  const newYear = { timestamp: '2027-01-01', description: 'FEE' };
  const friday = { timestamp: '2026-11-27T00:00:00Z', description: 'COFFEE' };
  expect(await store([monday, newYear, friday])).toMatchObject({ added: 3, newest: '2026-11-28' });
  const { booked } = await listTransactions(reader(), { accountId });
  expect(booked.map(({ day, isDatedAhead }) => [day, isDatedAhead])).toEqual([
    ['2027-01-01', true],
    ['2026-11-30', true],
    ['2026-11-27', false],
  ]);
  expect((await csvOf(reader(), accountId)).map((row) => row.date_note)).toEqual(['ahead', 'ahead', '']);
  const [, rent] = booked;
  expect(await getTransaction(reader(), { accountId, transactionId: rent?.id ?? '' })).toMatchObject({
    isDatedAhead: true,
  });

  expect(await store([monday, newYear, friday], '2026-11-29T09:00:00Z', '2026-11-22')).toMatchObject({
    added: 0,
    vanished: 0,
  });
  expect(await store([monday, friday], '2026-11-30T09:00:00Z', '2026-11-23')).toMatchObject({ added: 0, vanished: 1 });
  const later = await listTransactions(reader('2026-11-30T09:00:00Z'), { accountId });
  expect(later.booked).toMatchObject([{ id: rent?.id, isDatedAhead: false }, { description: 'COFFEE' }]);
});

test('an answer about days before today neither brings nor takes rows that are dated ahead', async () => {
  const { accountId, store, reader, at } = await anAccountIn('uk');
  await store([{ timestamp: '2026-11-30' }, { timestamp: '2026-11-20', description: 'COFFEE' }]);
  const { rows: batches } = parseTransactions(bodyOf([{ timestamp: '2026-12-04', description: 'LATE' }]), 'account');
  const window = { from: '2026-11-01', to: '2026-11-19' };
  const answer = { accountId, window, batches, surely: { from: '2026-11-02', to: '2026-11-18' } };
  const outcome = await inTransaction(at('2026-11-28T09:00:00Z'), (tx) => storeBooked(tx, answer));
  expect(outcome).toMatchObject({ added: 0, vanished: 0 });
  expect((await listTransactions(reader(), { accountId })).booked.map(({ day }) => day)).toEqual([
    '2026-11-30',
    '2026-11-20',
  ]);
});

test.each([
  ['2026-02-30T00:00:00Z', '2026-02-28', 'impossible'],
  ['2026-09-31', '2026-09-30', 'impossible'],
  ['2025-13-09', '2025-12-31', 'impossible'],
  ['0000-00-00', '2026-11-20', 'missing'],
  ['9999-12-31T00:00:00Z', '2026-11-20', 'missing'],
  [null, '2026-11-20', 'missing'],
  ['', '2026-11-20', 'missing'],
  ['20/11/2026', '2026-11-20', 'unreadable'],
] as const)('a booked row dated %j is stored under %s, and says so', async (timestamp, day, dateDoubt) => {
  const { accountId, store, reader } = await anAccountIn('uk');
  const rows = [
    { timestamp: '2026-11-20', description: 'COFFEE' },
    { timestamp, description: 'RENT', amount: -950 },
  ];
  expect(await store(rows)).toMatchObject({ added: 2, setAside: [] });
  const { booked } = await listTransactions(reader(), { accountId, search: 'RENT' });
  expect(booked).toMatchObject([{ day, dateDoubt, dateAsSent: timestamp ?? '', effect: '-950' }]);
  const row = (await csvOf(reader(), accountId)).find(({ bank_description: text }) => text === 'RENT');
  expect(row).toMatchObject({ date: day, date_note: dateDoubt, date_as_sent: timestamp ?? '' });
});

test('a booked row without a date is one row, on its first day, however often it comes; one more is one more', async () => {
  const { accountId, store, reader } = await anAccountIn('uk');
  const fee = { timestamp: null, description: 'CHARGE', amount: -5 };
  await store([fee]);
  await store([fee], '2026-11-29T09:00:00Z', '2026-11-21');
  await store([{ timestamp: '2026-12-09', description: 'COFFEE' }, fee], '2026-12-10T09:00:00Z', '2026-11-21');
  const days = async (on: string) =>
    (await listTransactions(reader(on), { accountId, search: 'CHARGE' })).booked.map(({ day }) => day);
  expect(await days('2026-12-10T09:00:00Z')).toEqual(['2026-11-28']);
  await store([{ timestamp: '2027-01-05', description: 'COFFEE' }, fee], '2027-01-06T09:00:00Z', '2026-12-30');
  expect(await days('2027-01-06T09:00:00Z')).toEqual(['2027-01-05', '2026-11-28']);
});

test('a pending row without a date is shown, and stays the same row on its first day', async () => {
  const { accountId, at, reader } = await anAccountIn('uk');
  const store = (on: string, rows: readonly Wire[]) =>
    inTransaction(at(on), (tx) => storePending(tx, accountId, parsePendingTransactions(bodyOf(rows), 'account').items));
  const rows = [
    { timestamp: null, description: 'TFL', amount: -0.1 },
    { timestamp: 'soon', description: 'TFL' },
  ];
  await store('2026-11-28T09:00:00Z', rows);
  const { pending: before } = await listTransactions(reader(), { accountId });
  expect(before).toMatchObject([
    { day: '2026-11-28', dateDoubt: 'missing', dateAsSent: '', effect: '-0.1' },
    { day: '2026-11-28', dateDoubt: 'unreadable', dateAsSent: 'soon' },
  ]);
  await store('2026-11-30T09:00:00Z', rows.toReversed());
  const { pending: after } = await listTransactions(reader('2026-11-30T09:00:00Z'), { accountId });
  expect(after.map(({ id, day }) => [id, day])).toEqual(before.toReversed().map(({ id, day }) => [id, day]));
});

test('a rounded amount says what was sent, and sums agree with what is shown', async () => {
  const { accountId, system, store, reader } = await anAccountIn('uk');
  await store([
    { timestamp: '2026-11-20', amount: '29647.4000000000000297' },
    { timestamp: '2026-11-20', amount: 0.1 + 0.2 },
    { timestamp: '2026-11-20', amount: -12.34 },
  ]);
  const { booked } = await listTransactions(reader(), { accountId });
  expect(new Map(booked.map((line) => [line.effect, line.amountAsSent]))).toEqual(
    new Map([
      ['29647.4', '29647.4000000000000297'],
      ['0.3', '0.30000000000000004'],
      ['-12.34', null],
    ]),
  );
  const { _sum } = await system.db.transaction.aggregate({ where: { accountId }, _sum: { effect: true } });
  expect(_sum.effect?.toFixed(2)).toBe('29635.36');
  expect(_sum.effect?.decimalPlaces()).toBe(2);
});

test('today is the account’s: just after midnight at the bank, what is booked that day is not ahead', async () => {
  const { accountId, store, reader } = await anAccountIn('fi');
  const justAfter = '2026-11-28T22:30:00Z';
  await store([{ timestamp: '2026-11-29T00:00:00+02:00' }], justAfter);
  expect(await listTransactions(reader(justAfter), { accountId })).toMatchObject({
    today: '2026-11-29',
    booked: [{ day: '2026-11-29', isDatedAhead: false }],
  });
});
