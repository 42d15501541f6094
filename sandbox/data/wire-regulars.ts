import { dayOf, dayText, monthOf } from '#sandbox/ledger/days';
import { hexOf } from '#sandbox/ledger/random';
import { amountOn, findLastPaymentDay, findNextPaymentDay, isActiveOn, type Regular } from '#sandbox/ledger/regulars';
import type { Account, Collection } from '#sandbox/people/person';
import type { Reached } from './call.ts';
import { toMajor } from './wire-holdings.ts';

type Mandate = {
  seed: number;
  name: string;
  reference: string;
  isActive: boolean;
  last: { day: number; amountMinor: number } | null;
};

export function toDirectDebits({ asOfMs }: Reached, account: Account) {
  const mandates = [
    ...account.regulars.filter(({ kind }) => kind === 'direct_debit').map((regular) => toMandate(regular, asOfMs)),
    ...account.collections.map((collection) => toCardMandate(collection, asOfMs)),
  ];
  return mandates.map(({ seed, name, reference, isActive, last }) => ({
    // Changes from one reading to the next; the bank's own id in meta does not.
    direct_debit_id: hexOf(32, seed, Math.floor(asOfMs / 1000)),
    timestamp: toRequestTime(asOfMs),
    name,
    status: isActive ? 'Active' : 'Inactive',
    ...(last === null
      ? {}
      : {
          previous_payment_timestamp: toMidnight(last.day),
          previous_payment_amount: toMajor(-last.amountMinor),
        }),
    currency: account.currency,
    meta: {
      provider_mandate_identification: reference,
      provider_account_id: account.numbers.number,
      provider_direct_debit_id: hexOf(12, seed, 71).toUpperCase(),
    },
  }));
}

export function toStandingOrders({ asOfMs }: Reached, account: Account) {
  return account.regulars
    .filter(({ kind }) => kind === 'standing_order')
    .map((regular) => {
      const next = findNextPaymentDay(regular, dayOf(asOfMs));
      const amount = toMajor(-regular.amountMinor);
      return {
        frequency: frequencyOf(regular),
        timestamp: toRequestTime(asOfMs),
        status: isActiveOn(regular, asOfMs) ? 'Active' : 'Inactive',
        currency: account.currency,
        ...(next === null ? {} : { next_payment_date: toMidnight(next), next_payment_amount: amount }),
        first_payment_date: toMidnight(findNextPaymentDay(regular, FIRST_DAY) ?? FIRST_DAY),
        first_payment_amount: amount,
        final_payment_date: '9999-12-31T00:00:00+00:00',
        final_payment_amount: 0,
        reference: regular.reference,
        payee: regular.description,
        meta: { provider_account_id: account.numbers.number },
      };
    });
}

const FIRST_DAY = dayOf(Date.UTC(2019, 5, 1));

function toMandate(regular: Regular, nowMs: number): Mandate {
  const day = findLastPaymentDay(regular, dayOf(nowMs));
  const last = day === null ? null : { day, amountMinor: amountOn(regular, day) };
  const { seed, name, reference } = regular;
  return { seed, name, reference, isActive: isActiveOn(regular, nowMs), last };
}

function toCardMandate({ seed, name, entriesIn }: Collection, nowMs: number): Mandate {
  const today = dayOf(nowMs);
  const month = monthOf(today);
  const taken = [...entriesIn(month - 1), ...entriesIn(month)].filter(({ day }) => day <= today);
  return { seed, name, reference: `${seed % 1_0000_0000}`, isActive: true, last: taken.at(-1) ?? null };
}

function frequencyOf({ rhythm }: Regular): string {
  const two = (part: number) => String(part).padStart(2, '0');
  if (rhythm.every === 'week') return `IntrvlWkDay:01:${two(rhythm.weekday)}`;
  return `IntrvlMnthDay:01:${two(rhythm.day)}`;
}

const toMidnight = (day: number) => `${dayText(day)}T00:00:00+00:00`;

function toRequestTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}+00:00`;
}
