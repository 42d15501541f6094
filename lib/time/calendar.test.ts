import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayIn, instantAt, localDay, localTime, offsetMsAt } from './calendar.ts';
import { COUNTRY_ZONES, zoneOfCountry } from './country-zone.ts';
import { dayOf } from './day.ts';
import { MINUTE_MS } from './span.ts';

const zones = [...new Set([...COUNTRY_ZONES.values(), 'UTC', 'America/St_Johns', 'Pacific/Chatham', 'Asia/Kathmandu'])];
const zone = fc.constantFrom(...zones);
const instant = fc.date({ min: new Date('1975-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });

test.each([
  ['2026-07-11T22:59:59Z', 'Europe/London', '2026-07-11', '2026-07-11T23:59:59+01:00'],
  ['2026-07-11T23:30:00Z', 'Europe/London', '2026-07-12', '2026-07-12T00:30:00+01:00'],
  ['2026-01-11T23:30:00Z', 'Europe/London', '2026-01-11', '2026-01-11T23:30:00+00:00'],
  ['2026-01-11T23:30:00Z', 'Europe/Madrid', '2026-01-12', '2026-01-12T00:30:00+01:00'],
  ['2026-07-11T21:30:00Z', 'Europe/Helsinki', '2026-07-12', '2026-07-12T00:30:00+03:00'],
  ['2026-01-12T03:30:00Z', 'America/New_York', '2026-01-11', '2026-01-11T22:30:00-05:00'],
  ['2026-03-29T01:00:00Z', 'Europe/London', '2026-03-29', '2026-03-29T02:00:00+01:00'],
  ['2026-03-29T00:59:59Z', 'Europe/London', '2026-03-29', '2026-03-29T00:59:59+00:00'],
])('%s in %s is of %s: %s', (at, name, day, local) => {
  expect(dayIn(name, new Date(at))).toBe(day);
  expect(localTime(name, new Date(at))).toBe(local);
});

test('agrees with Intl for any instant in any zone', () => {
  const formats = new Map(
    zones.map((timeZone) => [
      timeZone,
      new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
    ]),
  );
  fc.assert(
    fc.property(zone, instant, (name, at) => {
      expect(localTime(name, at).slice(0, 19).replace('T', ' ')).toBe(formats.get(name)?.format(at));
    }),
    { numRuns: 3000 },
  );
});

test('a wall clock read back is the instant it was, save where it shows a time twice', () => {
  fc.assert(
    fc.property(zone, instant, (name, at) => {
      const wall = new Date(at.getTime() + offsetMsAt(name, at.getTime()));
      const back = instantAt(name, wall);
      const repeated = at.getTime() - back.getTime();
      if (repeated !== 0)
        expect(Math.abs(offsetMsAt(name, back.getTime()) - offsetMsAt(name, at.getTime()))).toBe(repeated);
      expect(localTime(name, back).slice(0, 19)).toBe(localTime(name, at).slice(0, 19));
    }),
    { numRuns: 3000 },
  );
});

test('a time that is skipped when the clocks go forward is taken an hour on; one that comes twice is the first', () => {
  expect(instantAt('Europe/London', new Date('2026-03-29T01:30:00Z'))).toEqual(new Date('2026-03-29T01:30:00Z'));
  expect(instantAt('Europe/London', new Date('2026-10-25T01:30:00Z'))).toEqual(new Date('2026-10-25T00:30:00Z'));
});

test('the day from the one in UTC is the day, before 1970 too', () => {
  const any = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(zone, any, (name, at) => {
      expect(localDay(name, at, dayOf(at)).day).toBe(dayIn(name, at));
    }),
    { numRuns: 2000 },
  );
});

test('knows a bank’s own midnight, to the second', () => {
  const isMidnightAt = (name: string, at: string) => localDay(name, new Date(at), at.slice(0, 10)).isMidnight;
  expect(isMidnightAt('Europe/London', '2026-07-10T23:00:00.400Z')).toBe(true);
  expect(isMidnightAt('Europe/London', '2026-07-11T00:00:00Z')).toBe(false);
  expect(isMidnightAt('America/New_York', '2026-07-11T04:00:00Z')).toBe(true);
});

test('every country has a zone that exists, Britain under both names, and an unknown one has UTC', () => {
  for (const name of COUNTRY_ZONES.values())
    expect(() => new Intl.DateTimeFormat('en', { timeZone: name })).not.toThrow();
  expect([zoneOfCountry('uk'), zoneOfCountry('GB'), zoneOfCountry('xx')]).toEqual([
    'Europe/London',
    'Europe/London',
    'UTC',
  ]);
  expect(COUNTRY_ZONES.size).toBeGreaterThan(30);
});

test('asks Intl a few times for each year and not for each instant', () => {
  const format = Intl.DateTimeFormat.prototype.formatToParts;
  let asked = 0;
  Intl.DateTimeFormat.prototype.formatToParts = function (...parts) {
    asked++;
    return format.apply(this, parts);
  };
  try {
    for (let minute = 0; minute < 50_000; minute++) dayIn('Atlantic/Azores', new Date(minute * 10 * MINUTE_MS));
  } finally {
    Intl.DateTimeFormat.prototype.formatToParts = format;
  }
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(500);
});
