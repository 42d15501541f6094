import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';

/** On the last day while there is still time to answer; earlier ones at the hour at which the person once said yes. */
const LAST_DAY_MS = 6 * HOUR_MS;
/** Whoever heard nothing before the end is told of it for so long, and then no more. */
const AFTER_END_MS = 2 * DAY_MS;

/** When the reminder of a step is due. */
export function dueAt(endsAt: Date, daysBefore: number): Date {
  return addMs(endsAt, daysBefore === 0 ? -LAST_DAY_MS : -daysBefore * DAY_MS);
}

export type Steps = {
  /** The one to remind of now; an earlier one that was missed isn't made up for. */
  due: number | null;
  /** When there is something to look at again. */
  nextAt: Date | null;
};

/** Which of the steps (days before the end) it is time for. Pure. */
export function decideSteps(endsAt: Date, steps: readonly number[], now: Date): Steps {
  const ordered = [...new Set(steps)].sort((one, other) => other - one);
  const passed = ordered.filter((days) => dueAt(endsAt, days) <= now);
  const isLate = addMs(endsAt, AFTER_END_MS) <= now;
  const coming = ordered.find((days) => dueAt(endsAt, days) > now);
  return { due: isLate ? null : (passed.at(-1) ?? null), nextAt: coming === undefined ? null : dueAt(endsAt, coming) };
}
