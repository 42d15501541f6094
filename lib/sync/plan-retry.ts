import { addMs, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#lib/time/span';
import type { Handling } from './faults.ts';
import type { Resource, ResourceRecord } from './resource.ts';
import { isSignInRecent, signInWindowEnd } from './sign-in-window.ts';

export type RetryFacts = {
  now: Date;
  authenticatedAt: Date | null;
  isAttended: boolean;
  resource: Resource;
  fault: Pick<Handling, 'retryMs' | 'isTransient'> & { retryAfterMs: number | null };
  /** How the resource was doing before this failure. */
  before: Pick<ResourceRecord, 'state' | 'tries' | 'lastTriedAt'> | null;
  /** From 0 to 1: where in the spread this connection falls. */
  fraction: number;
};

export type Retry = {
  tries: number;
  /** Before this no background call can succeed. Null: not before the next sign-in. */
  nextTryAt: Date | null;
  /** It is repeated within seconds, since the bank closes the history in minutes. */
  isInWindow: boolean;
};

/** Tries in the minutes after a sign-in. A call without the user counts against the four of the day; a list counts for each account. */
const MAX_WINDOW_TRIES = { attended: 5, transactions: 3, list: 2 } as const;
const FIRST_WINDOW_BACK_OFF_MS = { attended: SECOND_MS, unattended: 5 * SECOND_MS } as const;
/** When those have failed, a job tries once more, if the window is still open. */
const LAST_CHANCE_MS = MINUTE_MS;
const LONGEST_BACK_OFF_MS = 12 * HOUR_MS;
/** As in plan-next-sync: users link banks at the same hours and are not all called for at the same moment. */
const DAILY_SPREAD_MS = 20 * MINUTE_MS;

/** When a resource that failed is asked for again: seconds later while the bank opens the history, with growing waits otherwise. */
export function planRetry(facts: RetryFacts): Retry {
  const tries = triesBefore(facts) + 1;
  const inWindow = windowRetryAt(facts, tries);
  if (inWindow !== null) return { tries, nextTryAt: inWindow, isInWindow: true };
  const lastChance = lastChanceAt(facts, tries);
  if (lastChance !== null) return { tries, nextTryAt: lastChance, isInWindow: false };
  // The tries in the window were seconds apart and say little about the hours to come.
  const failures = isSignInRecent(facts.authenticatedAt, facts.now) ? 1 : tries;
  return { tries, nextTryAt: laterRetryAt(facts, failures), isInWindow: false };
}

/** Only failures of the same regime count: before and after the window differ, and a sign-in makes everything new. */
function triesBefore({ before, authenticatedAt, now }: RetryFacts): number {
  if (before === null || before.state === 'ok') return 0;
  if (authenticatedAt !== null && before.lastTriedAt < authenticatedAt) return 0;
  const isSameRegime = isSignInRecent(authenticatedAt, before.lastTriedAt) === isSignInRecent(authenticatedAt, now);
  return isSameRegime ? before.tries : 0;
}

function windowRetryAt(facts: RetryFacts, tries: number): Date | null {
  const { fault, now, authenticatedAt } = facts;
  const end = signInWindowEnd(authenticatedAt);
  if (!fault.isTransient || end === null || tries >= maxWindowTries(facts)) return null;
  const firstMs = FIRST_WINDOW_BACK_OFF_MS[facts.isAttended ? 'attended' : 'unattended'];
  const backOffMs = firstMs * 2 ** (tries - 1);
  const at = addMs(now, Math.max(backOffMs, fault.retryAfterMs ?? 0));
  return at < end ? at : null;
}

function lastChanceAt(facts: RetryFacts, tries: number): Date | null {
  const { fault, now, authenticatedAt } = facts;
  const end = signInWindowEnd(authenticatedAt);
  const max = maxWindowTries(facts);
  if (!fault.isTransient || end === null || max === 1 || tries !== max) return null;
  const at = addMs(now, Math.max(LAST_CHANCE_MS, fault.retryAfterMs ?? 0));
  return at < end ? at : null;
}

function maxWindowTries({ isAttended, resource }: RetryFacts): number {
  if (isAttended) return MAX_WINDOW_TRIES.attended;
  if (resource === 'transactions') return MAX_WINDOW_TRIES.transactions;
  return resource === 'accounts' || resource === 'cards' ? MAX_WINDOW_TRIES.list : 1;
}

function laterRetryAt({ fault, now, fraction }: RetryFacts, failures: number): Date | null {
  const { retryMs, retryAfterMs } = fault;
  if (retryMs === null) return null;
  const askedFor = retryAfterMs ?? 0;
  if (retryMs >= DAY_MS) return addMs(now, Math.max(retryMs + fraction * DAILY_SPREAD_MS, askedFor));
  const backOffMs = Math.min(retryMs * 2 ** Math.min(failures - 1, 10), LONGEST_BACK_OFF_MS);
  return addMs(now, Math.max(backOffMs * (0.75 + fraction / 2), askedFor));
}
