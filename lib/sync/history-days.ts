import { addMs, DAY_MS } from '#lib/time/span';
import type { AccountKind } from '#lib/truelayer/call';
import { OPEN_DAYS } from './windows.ts';

/** Six years: the widest range that integrators have seen accepted. */
const WIDEST_DAYS = 2190;
const USUAL_DAYS = 730;
/** Narrower and narrower, for a bank that refuses a width. */
const LADDER = [WIDEST_DAYS, USUAL_DAYS, 365, 180, OPEN_DAYS] as const;
/** Less than a year would hide too much until the user next signs in. */
const LEAST_HINT_DAYS = 365;
/** A bank that accepted less than the widest range is asked for the widest again after this, while the user is present. */
const CHECK_EVERY_MS = 30 * DAY_MS;

/** What integrators have met; a hint what to try when the widest range is refused, and never a limit. */
const KNOWN: readonly [prefix: string, accountDays: number, cardDays: number][] = [
  ...['ob-aib', 'ob-amex', 'ob-barclaycard', 'ob-barclays', 'ob-capital-one', 'ob-santander', 'ob-tesco'].map(
    (prefix): [string, number, number] => [prefix, USUAL_DAYS, USUAL_DAYS],
  ),
  ['ob-virgin-money', USUAL_DAYS, USUAL_DAYS],
  ['ob-boi', 366, 366],
  ['ob-ptsb', 366, 180],
  ['ob-danske', 760, 730],
  ['ob-nationwide', 450, 90],
  ...[
    ...['ob-natwest', 'ob-rbs', 'ob-ulster', 'ob-lloyds', 'ob-halifax', 'ob-bos', 'ob-mbna'],
    ...['ob-hsbc', 'ob-first-direct', 'ob-ms'],
  ].map((prefix): [string, number, number] => [prefix, WIDEST_DAYS, 180]),
];

/** What is remembered of a bank's history: the width that it accepted, and when the widest was last asked for. */
export type BankMemory = {
  accountHistoryDays: number | null;
  cardHistoryDays: number | null;
  accountHistoryCheckedAt: Date | null;
  cardHistoryCheckedAt: Date | null;
};

type Asking = {
  isAttended: boolean;
  now: Date;
  /** Of four calls two went to the lists and one is for the first balance: a refusal would cost it. */
  hasOneCall?: boolean;
};

/**
 * Days back to ask for, the widest first; each next one is for when the bank refuses the one before. A present user's calls
 * are free, so every width is tried; without one, each refusal costs one of four calls. What was not asked for then is asked
 * for when the user next signs in.
 */
export function historyWidths(
  { bankId, memory, kind }: { bankId: string; memory: BankMemory; kind: AccountKind },
  { isAttended, now, hasOneCall = false }: Asking,
): number[] {
  const accepted = acceptedDays(memory, kind);
  if (accepted !== null && !(isAttended && isCheckDue(memory, kind, now))) return [accepted, ...below(accepted)];
  const hint = accepted ?? hintOf(bankId, kind);
  if (hasOneCall && hint >= LEAST_HINT_DAYS && isKnown(bankId)) return [hint, ...below(hint)];
  if (accepted === null && isAttended) return [...new Set([...LADDER, hint])].sort((one, other) => other - one);
  return [WIDEST_DAYS, ...(hint < WIDEST_DAYS ? [hint] : []), ...below(hint)];
}

/** Whether the answer to these widths shows how far back the bank goes. */
export function asksWidest(widths: readonly number[]): boolean {
  return widths[0] === WIDEST_DAYS;
}

/** Whether the next customer's history should be asked for while they are present: then a refused width costs nothing. */
export function isWidthOpen(memory: BankMemory, kind: AccountKind, now: Date): boolean {
  return acceptedDays(memory, kind) === null || isCheckDue(memory, kind, now);
}

function acceptedDays(memory: BankMemory, kind: AccountKind): number | null {
  return kind === 'account' ? memory.accountHistoryDays : memory.cardHistoryDays;
}

function isCheckDue(memory: BankMemory, kind: AccountKind, now: Date): boolean {
  const accepted = acceptedDays(memory, kind);
  if (accepted !== null && accepted >= WIDEST_DAYS) return false;
  const checkedAt = kind === 'account' ? memory.accountHistoryCheckedAt : memory.cardHistoryCheckedAt;
  return checkedAt === null || addMs(checkedAt, CHECK_EVERY_MS) <= now;
}

function hintOf(bankId: string, kind: AccountKind): number {
  return findKnown(bankId)?.[kind === 'account' ? 1 : 2] ?? USUAL_DAYS;
}

function isKnown(bankId: string): boolean {
  return findKnown(bankId) !== undefined;
}

function findKnown(bankId: string) {
  return KNOWN.find(([prefix]) => bankId === prefix || bankId.startsWith(`${prefix}-`));
}

function below(days: number): number[] {
  return LADDER.filter((width) => width < days);
}
