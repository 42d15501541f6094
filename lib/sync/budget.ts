import { addMs, DAY_MS } from '#lib/time/span';

/** What a bank may be asked in any 24 hours while nobody is there. The database holds the same number. */
export const CALLS_A_DAY = 4;

export type CountedCall = { accountId: string | null; endpoint: string; startedAt: Date };

/** What a call would count against: one account, or (a list) every account of the connection. */
export type CallTarget = { accountId: string | null; endpoint: string };

/** How many of the day's calls are used for a target at `now`, as the database counts them. */
export function usedCalls(
  calls: readonly CountedCall[],
  target: CallTarget,
  now: Date,
  isPerEndpoint: boolean,
): number {
  const since = addMs(now, -DAY_MS);
  const recent = calls.filter(
    (call) => call.startedAt > since && (!isPerEndpoint || call.endpoint === target.endpoint),
  );
  const used = recent.filter((call) => call.accountId === null || call.accountId === target.accountId).length;
  if (target.accountId !== null || isPerEndpoint) return used;
  return used + Math.max(0, ...countByAccount(recent).values());
}

/** The first moment from `now` on at which `needed` more calls are free. */
export function nextFreeAt(
  calls: readonly CountedCall[],
  target: CallTarget,
  now: Date,
  options: { isPerEndpoint: boolean; needed?: number },
): Date {
  const { isPerEndpoint, needed = 1 } = options;
  const isFree = (at: Date) => usedCalls(calls, target, at, isPerEndpoint) + needed <= CALLS_A_DAY;
  const ends = calls.map((call) => addMs(call.startedAt, DAY_MS)).filter((at) => at > now);
  const moments = [now, ...ends.sort((one, other) => one.getTime() - other.getTime())];
  return moments.find(isFree) ?? addMs(now, DAY_MS);
}

function countByAccount(calls: readonly CountedCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { accountId } of calls) {
    if (accountId !== null) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
  }
  return counts;
}
