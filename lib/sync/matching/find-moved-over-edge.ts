import 'server-only';
import type { Context } from '#lib/context/context';
import type { Window } from '#lib/sync/windows';
import { addDays } from '#lib/time/day';
import type { ChangePlan } from './decide-changes.ts';
import { hasAmountIn, type StoredCounts } from './load-stored.ts';
import { MAX_SHIFT_DAYS } from './open-rows.ts';

/**
 * The days just before the window, where a booking may have been moved over its edge: a row near the edge is gone, or a new
 * row there has the amount of one that lies before it. Rows of those days can't be changed by this answer, so they have to
 * be asked for again, together with this window's.
 * @returns null where nothing points to that.
 */
export async function findMovedOverEdge(
  ctx: Context,
  { accountId, window }: { accountId: string; window: Window },
  { plan, stored }: { plan: ChangePlan; stored: StoredCounts },
): Promise<Window | null> {
  const before = { from: addDays(window.from, -MAX_SHIFT_DAYS), to: addDays(window.from, -1) };
  const isNearEdge = ({ day }: { day: string }) => day < addDays(window.from, MAX_SHIFT_DAYS);
  if (plan.removed.some(isNearEdge)) return before;
  const rows = stored.beforeCount === 0 ? [] : plan.added.filter(isNearEdge);
  return rows.length > 0 && (await hasAmountIn(ctx, accountId, { window: before, rows })) ? before : null;
}
