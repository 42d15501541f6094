import type { Context } from '#lib/context/context';
import { addMs } from '#lib/time/span';

type Control = (method: string, path: string, body?: unknown) => Promise<unknown>;

/**
 * A context whose clock moves together with the simulator's when a run waits for a retry, so that no test sleeps.
 * `waitedMs` says what was waited for.
 */
export function withMovingClock(ctx: Context, control: Control) {
  let movedMs = 0;
  const waitedMs: number[] = [];
  const clock = { now: () => addMs(ctx.clock.now(), movedMs) };
  const pause = async (ms: number) => {
    // A call that took no time may not end before its retry is due.
    const step = Math.ceil(ms) + 1;
    waitedMs.push(Math.round(ms));
    movedMs += step;
    await control('PUT', '/clock', { advance_ms: step });
  };
  return { ctx: { ...ctx, clock }, pause, waitedMs };
}
