import { toCount } from './count.ts';

/** For people: `less than a minute`, `12 minutes`, `3 hours`, `90 days`. Rounded down: nothing is promised that isn't there. */
export function toDurationWords(ms: number): string {
  for (const [unitMs, unit] of UNITS) {
    if (ms >= unitMs) return toCount(Math.floor(ms / unitMs), unit);
  }
  return 'less than a minute';
}

/** For operators: `340 ms`, `1.2 s`, `2 min 5 s`, `3 h 10 min`, `4 d 2 h`. */
export function toShortDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toString()} s`;
  const index = SHORT_UNITS.findIndex(([unitMs]) => ms >= unitMs);
  const [largeMs, large] = SHORT_UNITS[index] ?? [60_000, 'min'];
  const [smallMs, small] = SHORT_UNITS[index + 1] ?? [1000, 's'];
  const rest = Math.floor((ms % largeMs) / smallMs);
  return `${Math.floor(ms / largeMs)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];
const SHORT_UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];
