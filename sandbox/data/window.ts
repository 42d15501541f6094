import { DAY_MS, dayOf } from '#sandbox/ledger/days';
import type { Refusal } from './refusals.ts';

export type Window = { fromDay: number; toDay: number };

export const UNPROTECTED_DAYS = 90;
const date = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** The days asked for, both included. Of a moment only its day counts, as the caller wrote it. */
export function readWindow(query: URLSearchParams, nowMs: number): Window | Refusal {
  const today = dayOf(nowMs);
  const to = readDay(query.get('to'), today);
  if (to === null) return { error: 'validation_error' };
  const from = readDay(query.get('from'), to - UNPROTECTED_DAYS);
  if (from === null) return { error: 'validation_error' };
  if (to > today || from > to) return { error: 'invalid_date_range' };
  return { fromDay: from, toDay: to };
}

function readDay(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  // An unescaped plus before a zone arrives as a blank.
  const day = date.exec(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'))?.[1];
  const ms = day === undefined ? Number.NaN : Date.parse(day);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? null : ms / DAY_MS;
}
