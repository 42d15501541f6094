import { DAY_MS, dayOf, firstDayOf, lastDayOf, monthOf, shortDay, weekdayOf } from './days.ts';
import type { Entry, PendingRow } from './ledger.ts';
import { europeanPlaces, type Place } from './places.ts';
import { mix, type Random, randomFrom } from './random.ts';
import { pickPlace, priceAt, printPlace } from './till.ts';

export type Shopper = {
  seed: number;
  places: readonly Place[];
  /** Between these many purchases each day; weekends have one more. */
  perDay: readonly [low: number, high: number];
  /** -1 where spending lowers the balance (accounts), 1 where it raises what is owed (cards). */
  sign: -1 | 1;
  wording: 'plain' | 'dated';
  travels: boolean;
};

type Purchase = {
  pending: PendingRow;
  booked: Entry;
  refund: Entry | null;
  fee: Entry | null;
};

const LONGEST_WAIT = 14;

/** All that the purchases put into the book during a month: themselves, refunds and fees for foreign money. */
export function purchasesBookedIn(shopper: Shopper, month: number): Entry[] {
  const entries: Entry[] = [];
  for (let day = firstDayOf(month) - LONGEST_WAIT; day <= lastDayOf(month); day += 1) {
    for (const { booked, refund, fee } of purchasesMadeOn(shopper, day)) {
      for (const entry of [booked, refund, fee]) {
        if (entry !== null && monthOf(entry.day) === month) entries.push(entry);
      }
    }
  }
  return entries;
}

/** What has been authorised and isn't in the book yet. */
export function purchasesPendingAt(shopper: Shopper, nowMs: number): PendingRow[] {
  const today = dayOf(nowMs);
  const secondNow = Math.floor((nowMs - today * DAY_MS) / 1000);
  const rows: PendingRow[] = [];
  for (let day = today - 3; day <= today; day += 1) {
    for (const { pending, booked } of purchasesMadeOn(shopper, day)) {
      if (booked.day > today && (pending.day < today || pending.second <= secondNow)) rows.push(pending);
    }
  }
  return rows;
}

function purchasesMadeOn(shopper: Shopper, day: number): Purchase[] {
  const random = randomFrom(mix(shopper.seed, day, 11));
  const [low, high] = shopper.perDay;
  const busyDay = weekdayOf(day) === 6 || weekdayOf(day) === 5 ? 1 : 0;
  const count = random.int(low, high + busyDay);
  return Array.from({ length: count }, (_, index) => makePurchase(shopper, random, day, index));
}

function makePurchase(shopper: Shopper, random: Random, day: number, index: number): Purchase {
  const isAway = shopper.travels && isAwayOn(shopper.seed, day);
  const place = pickPlace(isAway ? europeanPlaces : shopper.places, random);
  const local = priceAt(place, random);
  const rate = 1.13 + (mix(shopper.seed, day, 17) % 700) / 10_000;
  const paid = isAway ? Math.round(local / rate) : local;
  // The first of a day always takes two days, so that something is pending at any hour.
  const bookedOn = day + (index === 0 ? 2 : random.int(1, 2));
  const text = printPlace(place, mix(shopper.seed, random.int(0, 2)));
  const abroad = isAway ? ` EUR ${(local / 100).toFixed(2)} @ ${rate.toFixed(4)}` : '';
  const key = mix(shopper.seed, day, index, 23);
  const isCash = place.habit === 'cash';
  const common = {
    category: isCash ? 'ATM' : 'PURCHASE',
    bankCode: isCash ? 'CPT' : 'DEB',
    merchant: isCash ? null : place.name,
  };
  const booked: Entry = {
    ...common,
    day: bookedOn,
    second: random.int(600, 21_000),
    amountMinor: shopper.sign * settledPrice(place, paid, isAway, random),
    description: shopper.wording === 'dated' ? `${text}${abroad} ON ${shortDay(day)} BCC` : `${text}${abroad}`,
    classification: isCash ? [] : place.classification,
    reference: null,
    key,
  };
  const pending: PendingRow = {
    ...common,
    day,
    second: random.int(25_000, 79_000),
    amountMinor: shopper.sign * (place.habit === 'fuel' ? 100 : paid),
    description: shopper.wording === 'dated' ? text : `${text} AUTH`,
    classification: [],
    key: mix(key, 31),
  };
  return {
    booked,
    pending,
    refund: refundOf(booked, place, random),
    fee: isAway && shopper.wording === 'dated' ? foreignFee(booked) : null,
  };
}

/** Tips, fuel and exchange rates are settled for another amount than was held. */
function settledPrice(place: Place, paid: number, isAway: boolean, random: Random): number {
  if (isAway) return Math.max(1, Math.round(paid * (0.99 + random.unit() * 0.02)));
  if (place.habit === 'tip' && random.chance(0.5)) return Math.round(paid * 1.125);
  return paid;
}

function refundOf(booked: Entry, place: Place, random: Random): Entry | null {
  if (place.habit !== 'returns' || !random.chance(0.12)) return null;
  return {
    ...booked,
    day: booked.day + random.int(3, 11),
    amountMinor: -booked.amountMinor,
    description: `${booked.description} REFUND`,
    category: 'CREDIT',
    bankCode: 'DEP',
    classification: [],
    merchant: null,
    key: mix(booked.key, 37),
  };
}

function foreignFee(booked: Entry): Entry {
  const fee = Math.max(1, Math.round(Math.abs(booked.amountMinor) * 0.0275));
  return {
    ...booked,
    second: booked.second + 1,
    amountMinor: Math.sign(booked.amountMinor) * fee,
    description: 'NON-STERLING TRANSACTION FEE',
    category: 'FEE_CHARGE',
    bankCode: 'FEE',
    classification: [],
    merchant: null,
    key: mix(booked.key, 41),
  };
}

/** Away for about a week in some months. */
function isAwayOn(seed: number, day: number): boolean {
  const month = monthOf(day);
  if (mix(seed, month, 13) % 5 !== 0) return false;
  const leaves = firstDayOf(month) + (mix(seed, month, 19) % 18);
  return day >= leaves && day < leaves + 7;
}
