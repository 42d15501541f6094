import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { type CountedCall, nextFreeAt } from './budget.ts';

/** One kind of data that a job will want again. */
export type DueStep = {
  /** Null: a list of the connection's. */
  accountId: string | null;
  at: Date;
  /** It failed, or was not come to: it doesn't wait for the next day's sync. */
  isRetry: boolean;
};

export type NextSyncFacts = {
  now: Date;
  steps: readonly DueStep[];
  /** No call is made for the connection before this. */
  heldUntil: Date | null;
  isFirst: boolean;
  calls: readonly CountedCall[];
  isPerEndpoint: boolean;
  /** From 0 to 1: where in the spread this connection falls. */
  fraction: number;
};

/** Once a day; more often only where each endpoint has four calls of its own. */
export function syncIntervalMs(isPerEndpoint: boolean): number {
  return isPerEndpoint ? 6 * HOUR_MS : DAY_MS;
}

/** A sync that begins a little before its time finds yesterday's data old enough. */
export const FRESH_SLACK_MS = 4 * HOUR_MS;
/** Balance, booked and pending. */
const CALLS_OF_A_SYNC = 3;
/** What is due already was left by a run that has just ended: not at once again. */
const SHORTEST_WAIT_MS = 5 * MINUTE_MS;
/** People link banks at the same hours; this much later they are no longer asked for at the same ones. */
const FIRST_SPREAD_MS = 6 * HOUR_MS;
const DAILY_SPREAD_MS = 20 * MINUTE_MS;

/**
 * When the next unattended sync should begin: when the first thing is due that can be had by then. Accounts that are due at
 * about the same time are synced together, others each at their own.
 */
export function planNextSync(facts: NextSyncFacts): Date {
  const { heldUntil } = facts;
  const retries = facts.steps.filter(({ isRetry }) => isRetry).map((step) => retryAt(facts, step));
  const first = [regularAt(facts), ...retries].sort(byTime)[0] ?? regularAt(facts);
  return heldUntil === null ? first : latest([first, heldUntil]);
}

/** A time that was planned to the second is kept; what has been due all along waits for its calls. */
function retryAt({ now, calls, isPerEndpoint }: NextSyncFacts, { accountId, at }: DueStep): Date {
  const target = { accountId, endpoint: accountId === null ? 'accounts' : 'account_balance' };
  const soonest = at > now ? at : addMs(now, SHORTEST_WAIT_MS);
  return latest([soonest, nextFreeAt(calls, target, now, { isPerEndpoint })]);
}

/** The day's next sync: of the accounts that are due first, when all of those have their calls. */
function regularAt(facts: NextSyncFacts): Date {
  const { now, fraction } = facts;
  const spreadMs = fraction * (facts.isFirst ? FIRST_SPREAD_MS : DAILY_SPREAD_MS);
  const ofAccounts = Map.groupBy(
    facts.steps.filter(({ isRetry }) => !isRetry),
    ({ accountId }) => accountId,
  );
  const dues = [...ofAccounts].map(([accountId, steps]) => {
    const at = steps.map((step) => step.at).sort(byTime)[0] ?? now;
    return latest([at, freeForSync(facts, accountId)]);
  });
  const [first = addMs(now, syncIntervalMs(facts.isPerEndpoint)), ...others] = dues.sort(byTime);
  const together = others.filter((at) => at <= addMs(first, FRESH_SLACK_MS));
  return addMs(together.at(-1) ?? first, spreadMs);
}

function freeForSync({ now, calls, isPerEndpoint }: NextSyncFacts, accountId: string | null): Date {
  const needed = isPerEndpoint ? 1 : CALLS_OF_A_SYNC;
  return nextFreeAt(calls, { accountId, endpoint: 'account_balance' }, now, { isPerEndpoint, needed });
}

function latest(instants: readonly [Date, ...Date[]]): Date {
  return instants.toSorted(byTime).at(-1) ?? instants[0];
}

function byTime(one: Date, other: Date): number {
  return one.getTime() - other.getTime();
}
