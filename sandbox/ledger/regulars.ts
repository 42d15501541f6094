import { dayOf, firstDayOf, lastDayOf, monthOf, onDayOf, weekdayOf, workingDayBefore, workingDayFrom } from './days.ts';
import type { Entry } from './ledger.ts';
import { mix } from './random.ts';

/** A payment that comes round: salary in, bills and subscriptions out. */
export type Regular = {
  kind: 'direct_debit' | 'standing_order' | 'subscription' | 'salary';
  seed: number;
  name: string;
  description: string;
  /** As it moves the balance. */
  amountMinor: number;
  /** How far the amount wanders from month to month, 0 to 1. */
  wanders: number;
  rhythm: { every: 'month'; day: number; months?: readonly number[] } | { every: 'week'; weekday: number };
  classification: readonly string[];
  merchant: string | null;
  reference: string;
  /** The month in which it was cancelled. */
  endedIn: number | null;
};

export function regularEntriesIn(regulars: readonly Regular[], month: number): Entry[] {
  return regulars.flatMap((regular) => datesIn(regular, month).map((day) => entryOn(regular, day)));
}

export function amountOn(regular: Regular, day: number): number {
  const swing = ((mix(regular.seed, monthOf(day), 5) % 2001) - 1000) / 1000;
  return Math.round(regular.amountMinor * (1 + regular.wanders * swing));
}

/** The last payment that is in the book by today. */
export function findLastPaymentDay(regular: Regular, today: number): number | null {
  for (let month = monthOf(today); month > monthOf(today) - 60; month -= 1) {
    const day = datesIn(regular, month).findLast((each) => each <= today);
    if (day !== undefined) return day;
  }
  return null;
}

export function findNextPaymentDay(regular: Regular, today: number): number | null {
  for (let month = monthOf(today); month < monthOf(today) + 13; month += 1) {
    const day = datesIn(regular, month).find((each) => each > today);
    if (day !== undefined) return day;
  }
  return null;
}

export function isActiveOn(regular: Regular, nowMs: number): boolean {
  return regular.endedIn === null || monthOf(dayOf(nowMs)) < regular.endedIn;
}

const codes = {
  direct_debit: ['DIRECT_DEBIT', 'DD'],
  standing_order: ['STANDING_ORDER', 'SO'],
  subscription: ['PURCHASE', 'DEB'],
  salary: ['CREDIT', 'BGC'],
} as const;

function datesIn(regular: Regular, month: number): number[] {
  if (regular.endedIn !== null && month >= regular.endedIn) return [];
  const { rhythm } = regular;
  if (rhythm.every === 'week') {
    const first = firstDayOf(month) + ((rhythm.weekday - weekdayOf(firstDayOf(month)) + 7) % 7);
    return [0, 7, 14, 21, 28].map((days) => first + days).filter((day) => day <= lastDayOf(month));
  }
  if (rhythm.months !== undefined && !rhythm.months.includes((month % 12) + 1)) return [];
  const due = onDayOf(month, rhythm.day);
  const day = regular.kind === 'salary' ? workingDayBefore(due) : workingDayFrom(due);
  // A bill of the month's last weekend still belongs to the month, so that months stay apart.
  return [day > lastDayOf(month) ? workingDayBefore(due) : day];
}

function entryOn(regular: Regular, day: number): Entry {
  const [category, bankCode] = codes[regular.kind];
  const hasInsight = regular.kind === 'direct_debit' || regular.kind === 'subscription';
  return {
    day,
    second: 60 + (mix(regular.seed, 3) % 500),
    amountMinor: amountOn(regular, day),
    description: regular.description,
    category,
    bankCode,
    classification: hasInsight ? regular.classification : [],
    merchant: hasInsight ? regular.merchant : null,
    reference: regular.reference,
    key: mix(regular.seed, day, 43),
  };
}
