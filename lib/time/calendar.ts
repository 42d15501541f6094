import type { Day } from './day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './span.ts';

/** An IANA name, such as `Europe/London`. */
export type TimeZone = string;

export const LONDON: TimeZone = 'Europe/London';

/** The calendar day of an instant in a zone. */
export function dayIn(zone: TimeZone, instant: Date): Day {
  return dayOfMs(wallClockMs(zone, instant.getTime()));
}

/** The same of an instant whose day in UTC is known, and whether it is midnight in the zone, to the second. */
export function localDay(zone: TimeZone, instant: Date, dayInUtc: Day): { day: Day; isMidnight: boolean } {
  const ms = instant.getTime();
  const wall = wallClockMs(zone, ms);
  const dayNumber = Math.floor(wall / DAY_MS);
  const day = dayNumber === Math.floor(ms / DAY_MS) ? dayInUtc : dayOfMs(wall);
  return { day, isMidnight: wall - dayNumber * DAY_MS < SECOND_MS };
}

/** What a clock in the zone shows at an instant, with its offset: `2026-07-12T00:30:00+01:00`. */
export function localTime(zone: TimeZone, instant: Date): string {
  const offset = Math.round(offsetMsAt(zone, instant.getTime()) / MINUTE_MS);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const wall = toIso(wallClockMs(zone, instant.getTime())).slice(0, 19);
  return `${wall}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/**
 * The instant at which a clock in the zone shows what `wallClock` shows in UTC. Of a time that is skipped when the clocks go
 * forward, the instant that it would have been; of one that comes twice, the first.
 */
export function instantAt(zone: TimeZone, wallClock: Date): Date {
  const wall = wallClock.getTime();
  const before = offsetMsAt(zone, wall - DAY_MS);
  const first = wall - before;
  if (offsetMsAt(zone, first) === before) return new Date(first);
  const after = offsetMsAt(zone, wall + DAY_MS);
  return new Date(offsetMsAt(zone, wall - after) === after ? wall - after : first);
}

function wallClockMs(zone: TimeZone, ms: number): number {
  return ms + offsetMsAt(zone, ms);
}

function dayOfMs(ms: number): Day {
  return toIso(ms).slice(0, 10);
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** From `startMs` on, until the next one starts. */
type OffsetSpan = { startMs: number; offsetMs: number };

/** By zone and UTC year. Asking Intl takes microseconds, and an answer of a bank may have 100,000 times of day. */
const spansByZone = new Map<TimeZone, Map<number, OffsetSpan[]>>();
/** Closer together than two changes of the clocks ever are. */
const SAMPLE_MS = 10 * DAY_MS;

/** Where the last one was found: rows of an answer lie close together. */
let lastFound = { zone: '', startMs: 0, endMs: 0, offsetMs: 0 };

/** What a clock in the zone is ahead of UTC. */
export function offsetMsAt(zone: TimeZone, ms: number): number {
  if (zone !== lastFound.zone || ms < lastFound.startMs || ms >= lastFound.endMs) lastFound = findOffset(zone, ms);
  return lastFound.offsetMs;
}

function findOffset(zone: TimeZone, ms: number): typeof lastFound {
  const year = new Date(ms).getUTCFullYear();
  let byYear = spansByZone.get(zone);
  if (byYear === undefined) {
    byYear = new Map();
    spansByZone.set(zone, byYear);
  }
  let spans = byYear.get(year);
  if (spans === undefined) {
    spans = listSpans(zone, year);
    byYear.set(year, spans);
  }
  const next = spans.findIndex(({ startMs }) => startMs > ms);
  const { startMs, offsetMs } = spans.at(next === -1 ? -1 : next - 1) ?? { startMs: ms, offsetMs: 0 };
  return { zone, startMs, endMs: spans[next]?.startMs ?? startOfYearMs(year + 1), offsetMs };
}

function listSpans(zone: TimeZone, year: number): OffsetSpan[] {
  const start = startOfYearMs(year);
  const end = startOfYearMs(year + 1);
  const spans: OffsetSpan[] = [{ startMs: start, offsetMs: askOffsetMs(zone, start) }];
  for (let from = start; from < end; from += SAMPLE_MS) {
    const to = Math.min(from + SAMPLE_MS, end);
    const known = spans.at(-1)?.offsetMs;
    if (askOffsetMs(zone, to) === known) continue;
    const startMs = changeBetween(zone, from, to);
    spans.push({ startMs, offsetMs: askOffsetMs(zone, startMs) });
  }
  return spans;
}

/** The first second of another offset than the one at `from`. */
function changeBetween(zone: TimeZone, from: number, to: number): number {
  const known = askOffsetMs(zone, from);
  let [low, high] = [from, to];
  while (high - low > SECOND_MS) {
    const middle = low + Math.floor((high - low) / (2 * SECOND_MS)) * SECOND_MS;
    if (askOffsetMs(zone, middle) === known) low = middle;
    else high = middle;
  }
  return high;
}

function startOfYearMs(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

const formats = new Map<TimeZone, Intl.DateTimeFormat>();

function askOffsetMs(zone: TimeZone, ms: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
    /^GMT(?:([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?)?$/.exec(name) ?? [];
  const offset = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -offset : offset;
}
