import { z } from 'zod';
import { cutText } from './bounds.ts';
import { roundAmounts } from './currency-digits.ts';
import { parseSchedule } from './schedule.ts';
import { id, maybeCurrency, maybeDecimal, maybeMeta, maybeText, maybeTimestamp, text } from './tolerant.ts';

export type DirectDebit = z.output<typeof directDebit>;
export const directDebit = z
  .object({
    direct_debit_id: id,
    timestamp: maybeTimestamp,
    name: text,
    status: maybeText,
    previous_payment_timestamp: maybeTimestamp,
    previous_payment_amount: maybeDecimal,
    currency: maybeCurrency,
    meta: maybeMeta,
  })
  .transform((wire) => ({
    /** May change between requests; the bank's own id is the steadier one. */
    directDebitId: wire.direct_debit_id,
    bankDirectDebitId: textOf(wire.meta?.provider_direct_debit_id),
    mandateReference: textOf(wire.meta?.provider_mandate_identification),
    name: wire.name,
    status: wire.status,
    requestedAt: wire.timestamp,
    previousPaymentAt: wire.previous_payment_timestamp,
    ...roundAmounts({ previousPaymentAmount: wire.previous_payment_amount }, wire.currency).kept,
    currency: wire.currency,
    meta: wire.meta,
  }));

/** Stands for "until further notice". */
const openEndedYear = '9999';

export type StandingOrder = z.output<typeof standingOrder>;
export const standingOrder = z
  .object({
    frequency: text,
    timestamp: maybeTimestamp,
    status: maybeText,
    currency: maybeCurrency,
    next_payment_date: maybeTimestamp,
    next_payment_amount: maybeDecimal,
    first_payment_date: maybeTimestamp,
    first_payment_amount: maybeDecimal,
    final_payment_date: maybeTimestamp,
    final_payment_amount: maybeDecimal,
    payee: maybeText,
    reference: maybeText,
    meta: maybeMeta,
  })
  .transform((wire) => {
    const { next_payment_amount: next, first_payment_amount: first, final_payment_amount: final } = wire;
    return { ...wire, amounts: roundAmounts({ next, first, final }, wire.currency).kept };
  })
  .transform((wire) => ({
    frequency: wire.frequency,
    schedule: parseSchedule(wire.frequency),
    status: wire.status,
    currency: wire.currency,
    requestedAt: wire.timestamp,
    next: { on: wire.next_payment_date?.day ?? null, amount: wire.amounts.next },
    first: { on: wire.first_payment_date?.day ?? null, amount: wire.amounts.first },
    final: { on: wire.final_payment_date?.day ?? null, amount: wire.amounts.final },
    isOpenEnded: wire.final_payment_date?.day.startsWith(openEndedYear) ?? false,
    payee: wire.payee,
    reference: wire.reference,
    meta: wire.meta,
  }));

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cutText(value) : null;
}
