import { dayOf, firstDayOf, lastDayOf, monthOf } from './days.ts';
import { type Entry, type Ledger, netOf, type PendingRow, remember, toRows } from './ledger.ts';
import type { Place } from './places.ts';
import { mix, randomFrom } from './random.ts';
import { type Regular, regularEntriesIn } from './regulars.ts';
import { pickPlace, priceAt, printPlace } from './till.ts';

export const DECADE_DAYS = 3650;
export const DECADE_ROWS = 50_000;

type DecadeLedgerOptions = {
  seed: number;
  floorMinor: number;
  sign: -1 | 1;
  regulars: readonly Regular[];
  places: readonly Place[];
};

/** Any 3,650 days on end hold exactly 50,000 rows, whichever day they begin on. */
export function makeDecadeLedger(options: DecadeLedgerOptions): Ledger {
  const { seed, floorMinor } = options;
  const openingOf = (month: number) => floorMinor + (mix(seed, month, 131) % 60_000);
  return remember({
    openingOf,
    rowsOf(month) {
      const entries: Entry[] = [];
      const regulars = regularEntriesIn(options.regulars, month);
      for (let day = firstDayOf(month); day <= lastDayOf(month); day += 1) {
        const due = regulars.filter((entry) => entry.day === day);
        const reserved = due.length + (day === lastDayOf(month) ? 1 : 0);
        entries.push(...due);
        for (let index = reserved; index < rowsOn(day); index += 1) entries.push(purchase(options, day, index).booked);
      }
      entries.push(squaring(options, month, openingOf(month + 1) - openingOf(month) - netOf(entries)));
      return toRows(openingOf(month), entries);
    },
    pendingAt(nowMs) {
      const today = dayOf(nowMs);
      return [today + 1, today + 2]
        .flatMap((day) => [9, 10, 11].map((index) => purchase(options, day, index).pending))
        .filter((pending) => pending.day <= today);
    },
  });
}

function rowsOn(day: number): number {
  return Math.floor(((day + 1) * DECADE_ROWS) / DECADE_DAYS) - Math.floor((day * DECADE_ROWS) / DECADE_DAYS);
}

function purchase(options: DecadeLedgerOptions, day: number, index: number): { booked: Entry; pending: PendingRow } {
  const random = randomFrom(mix(options.seed, day, index, 137));
  const place = pickPlace(options.places, random);
  const isCash = place.habit === 'cash';
  const booked: Entry = {
    day,
    second: random.int(600, 21_000),
    amountMinor: options.sign * Math.max(50, Math.round(priceAt(place, random) / 2)),
    description: printPlace(place, mix(options.seed, random.int(0, 40))),
    category: isCash ? 'ATM' : 'PURCHASE',
    bankCode: isCash ? 'CPT' : 'DEB',
    classification: isCash ? [] : place.classification,
    merchant: isCash ? null : place.name,
    reference: null,
    key: mix(options.seed, day, index, 139),
  };
  const waits = 1 + (booked.key % 2);
  return { booked, pending: { ...booked, day: day - waits, classification: [], key: mix(booked.key, 149) } };
}

function squaring({ seed, sign }: DecadeLedgerOptions, month: number, amountMinor: number): Entry {
  const isIn = amountMinor * -sign > 0;
  return {
    day: lastDayOf(month),
    second: 80_000,
    amountMinor,
    description: isIn ? 'FASTER PAYMENT FROM SAVINGS ELSEWHERE' : 'FASTER PAYMENT TO SAVINGS ELSEWHERE',
    category: 'TRANSFER',
    bankCode: isIn ? 'FPI' : 'FPO',
    classification: [],
    merchant: null,
    reference: null,
    key: mix(seed, monthOf(lastDayOf(month)), 151),
  };
}
