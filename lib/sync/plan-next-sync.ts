import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { type CountedCall, nextFreeAt } from './budget.ts';
import type { Fault } from './faults.ts';

export type NextSyncFacts = {
  now: Date;
  /** What ended or spoilt the run; null when all that was due has come. */
  fault: Pick<Fault, 'retryMs' | 'retryAfterMs'> | null;
  /** Unattended runs in a row that brought nothing, this one included. */
  failures: number;
  isFirst: boolean;
  accountIds: readonly string[];
  calls: readonly CountedCall[];
  isPerEndpoint: boolean;
  /** From 0 to 1: where in the spread this connection falls. */
  fraction: number;
};

/** Once a day; more often only where each endpoint has four calls of its own. */
export function syncIntervalMs(isPerEndpoint: boolean): number {
  return isPerEndpoint ? 6 * HOUR_MS : DAY_MS;
}

/** Balance, booked and pending. */
const CALLS_OF_A_SYNC = 3;
/** Fewer would leave out what matters most, balance and booked: then it is better to wait for the day's next calls. */
const CALLS_OF_A_RETRY = 2;
/** People link banks at the same hours; this much later they are no longer asked for at the same ones. */
const FIRST_SPREAD_MS = 6 * HOUR_MS;
const DAILY_SPREAD_MS = 20 * MINUTE_MS;
const LONGEST_BACK_OFF_MS = 12 * HOUR_MS;

/** When the next unattended sync should begin: with the next day's calls, and sooner after trouble that may have passed. */
export function planNextSync(facts: NextSyncFacts): Date {
  const { now, fault, fraction } = facts;
  const spreadMs = fraction * (facts.isFirst ? FIRST_SPREAD_MS : DAILY_SPREAD_MS);
  const regular = addMs(
    latest(addMs(now, syncIntervalMs(facts.isPerEndpoint)), freeFor(facts, CALLS_OF_A_SYNC).at(-1)),
    spreadMs,
  );
  if (fault === null || fault.retryMs === null) return regular;
  const longestMs = Math.max(fault.retryMs, LONGEST_BACK_OFF_MS);
  const backOffMs = Math.min(fault.retryMs * 2 ** Math.max(0, facts.failures - 1), longestMs);
  const waitMs = Math.max(backOffMs * (0.75 + fraction / 2), fault.retryAfterMs ?? 0);
  const retry = latest(addMs(now, waitMs), freeFor(facts, CALLS_OF_A_RETRY)[0]);
  if (retry < regular) return retry;
  return regular;
}

/** For each account the moment from which it has so many calls, the earliest first. */
function freeFor({ now, accountIds, calls, isPerEndpoint }: NextSyncFacts, needed: number): Date[] {
  const options = { isPerEndpoint, needed: isPerEndpoint ? 1 : needed };
  return accountIds
    .map((accountId) => nextFreeAt(calls, { accountId, endpoint: 'account_balance' }, now, options))
    .sort((one, other) => one.getTime() - other.getTime());
}

function latest(one: Date, other: Date | undefined): Date {
  return other !== undefined && other > one ? other : one;
}
