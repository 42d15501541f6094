import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDay, parseTimestamp } from './timestamp.ts';

test.each([
  ['2018-03-06T00:00:00', '2018-03-06', '2018-03-06T00:00:00.000Z', false],
  ['2021-06-14T00:00:00Z', '2021-06-14', '2021-06-14T00:00:00.000Z', false],
  ['2018-01-16T00:00:00+00:00', '2018-01-16', '2018-01-16T00:00:00.000Z', false],
  ['2019-07-19T17:28:37.798+01:00', '2019-07-19', '2019-07-19T16:28:37.798Z', true],
  ['2025-08-28T18:29:09.1682758Z', '2025-08-28', '2025-08-28T18:29:09.168Z', true],
  ['2018-09-17T00:00:00+01:00', '2018-09-17', '2018-09-16T23:00:00.000Z', false],
  ['2024-02-29T09:30Z', '2024-02-29', '2024-02-29T09:30:00.000Z', true],
  ['2024-05-01 09:30:05', '2024-05-01', '2024-05-01T09:30:05.000Z', true],
  ['9999-12-31T00:00:00+00:00', '9999-12-31', '9999-12-31T00:00:00.000Z', false],
  ['20180306', '2018-03-06', null, false],
  ['2018/03/06 09:30', '2018-03-06', '2018-03-06T09:30:00.000Z', true],
  ['2018-3-6', '2018-03-06', null, false],
  ['1520294400', '2018-03-06', '2018-03-06T00:00:00.000Z', false],
  ['1520328605000', '2018-03-06', '2018-03-06T09:30:05.000Z', true],
])('reads %s: the day as written, a zoneless time as if in UTC, midnight as no time', (raw, day, instant, hasTime) => {
  const expected = { raw, day, instant: instant === null ? null : new Date(instant), hasTime, isAdjusted: false };
  expect(parseTimestamp(raw)).toMatchObject(expected);
});

test.each([
  ['2026-07-11T23:30:00', false],
  ['2026-07-31 23:30', false],
  ['2026-07-11T23:30:00Z', true],
  ['2026-07-31T23:30:00+00:00', true],
  ['2026-07-31T23:30:00-0500', true],
  ['1520328605', true],
])('tells whether %s names a zone', (raw, isZoned) => {
  expect(parseTimestamp(raw)?.isZoned).toBe(isZoned);
});

test.each([
  ['2026-02-30T00:00:00Z', '2026-02-28'],
  ['2024-02-30T23:30:00Z', '2024-02-29'],
  ['2026-02-29', '2026-02-28'],
  ['2026-04-31T12:00:00', '2026-04-30'],
  ['2026-06-99', '2026-06-30'],
  ['2017-02-247T17:29:24.740802Z', '2017-02-28'],
  ['2026-05-00', '2026-05-01'],
  ['2017-13-01', '2017-12-31'],
  ['2026-00-15T00:00:00Z', '2026-01-01'],
  ['20260230', '2026-02-28'],
])('reads %s, which doesn’t exist, as the nearest day, without a time', (raw, day) => {
  expect(parseTimestamp(raw)).toEqual({ raw, day, instant: null, hasTime: false, isZoned: false, isAdjusted: true });
});

test.each(['2017-01-28', '2017-01-28T25:00:00Z', '2017-01-28Tnoon', '2017-01-28 at night'])(
  'takes the day of %s and no instant',
  (raw) => {
    expect(parseTimestamp(raw)).toMatchObject({
      raw,
      day: '2017-01-28',
      instant: null,
      hasTime: false,
      isAdjusted: false,
    });
  },
);

test.each([
  '',
  '0000-00-00',
  '0000-00-00T00:00:00',
  '0001-01-01T00:00:00Z',
  '06/03/2018',
  '152029440',
  'yesterday',
  'null',
])('finds no day in %j', (raw) => {
  expect(parseTimestamp(raw)).toBeNull();
});

test('the short way for usual timestamps agrees with the long one', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      fc.boolean(),
      (date, isZoned) => {
        const raw = `${date.toISOString().slice(0, 19)}${isZoned ? 'Z' : ''}`;
        expect({ ...parseTimestamp(raw), raw: '' }).toEqual({ ...parseTimestamp(` ${raw} `), raw: '' });
      },
    ),
    { numRuns: 1000 },
  );
});

test('a day is a day and nothing more', () => {
  expect(parseDay('2026-02-28')).toBe('2026-02-28');
  expect([parseDay('2026-02-29'), parseDay('2026-2-28'), parseDay('2026-02-28T00:00:00Z')]).toEqual([null, null, null]);
});
