import { setTimeout as wait } from 'node:timers/promises';

const longestPauseMs = 5_000;
const longestRetryAfterMs = 24 * 60 * 60 * 1000;

/** Seconds or a date. Null when the header is absent or says nothing; a day at most. */
export function parseRetryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}

/** Random within a doubling bound, so that callers who failed together don't return together. Null: too long to sit through. */
export function pauseBeforeMs(failedAttempts: number, baseMs: number, retryAfterMs: number | null): number | null {
  if (retryAfterMs !== null && retryAfterMs > longestPauseMs) return null;
  const boundMs = Math.min(baseMs * 2 ** failedAttempts, longestPauseMs);
  return Math.max(retryAfterMs ?? 0, boundMs * (0.5 + Math.random() / 2));
}

/** Ends early, and without a word, when the signal says so. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
