import 'server-only';
import { env } from '#lib/env/env';
import { type Clock, offsetClock, systemClock } from '#lib/time/clock';

/** Long enough for a busy machine: a time that is given up on would be another day, while the stand-in's clock is ahead. */
const TIMEOUT_MS = 10_000;
let lastOffsetMs = 0;

/**
 * The clock of this deployment. Against the local stand-in it is the stand-in's, which can be moved: app and bank then
 * agree on the day, and a consent's whole life can be watched in a minute.
 */
export async function currentClock(): Promise<Clock> {
  if (env().trueLayer.environment !== 'local') return systemClock;
  lastOffsetMs = await readOffsetMs();
  return offsetClock(lastOffsetMs);
}

/** For code that has no context: the time by the clock that was last read. */
export function lastKnownNow(): Date {
  return offsetClock(lastOffsetMs).now();
}

async function readOffsetMs(): Promise<number> {
  try {
    const response = await fetch(`${env().trueLayer.authUrl}/clock`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'no-store',
    });
    const body: unknown = await response.json();
    const offsetMs = typeof body === 'object' && body !== null && 'offset_ms' in body ? body.offset_ms : null;
    return typeof offsetMs === 'number' && Number.isSafeInteger(offsetMs) ? offsetMs : lastOffsetMs;
  } catch {
    // The stand-in may be down (a fault under test); time then goes on from where it was.
    return lastOffsetMs;
  }
}
