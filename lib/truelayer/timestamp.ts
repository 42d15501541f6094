/**
 * A moment as a bank writes it. `day` is the calendar day as written, whatever the zone. `instant` is null where no time was
 * given. `hasTime` is false at midnight, since most banks know only the day and say midnight.
 */
export type Timestamp = { raw: string; day: string; instant: Date | null; hasTime: boolean };

export type ReceivedTimestamp = Timestamp & {
  /** The text names a zone or an offset. Without one it is the bank's own wall clock, and `instant` reads it as if in UTC. */
  isZoned: boolean;
  /** The day as written doesn't exist (30 February, month 13); `day` is the nearest one that does. */
  isAdjusted: boolean;
};

const leadingDay = /^\s*(\d{4})([-/.])(\d{1,2})\2(\d{1,3})(?!\d)/;
const compactDay = /^\s*(\d{4})()(\d{2})(\d{2})(?!\d)/;
const epoch = /^\s*(\d{10}|\d{13})\s*$/;
const timeOfDay = /^[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?(?:\s*(Z|[+-]\d{2}(?::?\d{2})?))?$/i;
const earliestYear = 1900;
// What nearly every row has, save for the last days of a month; these go the long way.
const usual = /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ?$/;

/**
 * Null when no calendar day can be read. The years 0 and 1, which stand for "unknown", count as none. A day that doesn't exist
 * is read as the nearest one that does; Unix time, in seconds or milliseconds, as the instant that it is.
 */
export function parseTimestamp(raw: string): ReceivedTimestamp | null {
  return usual.test(raw) ? readUsual(raw) : (readAny(raw) ?? readEpoch(raw));
}

/** Null unless the text is a day that exists, `YYYY-MM-DD`. */
export function parseDay(text: string): string | null {
  const timestamp = text.length === 10 ? parseTimestamp(text) : null;
  return timestamp?.day === text ? text : null;
}

function readUsual(raw: string): ReceivedTimestamp {
  const isZoned = raw.endsWith('Z');
  const instant = new Date(isZoned ? raw : `${raw}Z`);
  const hasTime = !raw.startsWith('00:00:00', 11);
  return { raw, day: raw.slice(0, 10), instant, hasTime, isZoned, isAdjusted: false };
}

function readAny(raw: string): ReceivedTimestamp | null {
  const match = leadingDay.exec(raw) ?? compactDay.exec(raw);
  if (!match) return null;
  const [start, year = '', , month = '', dayOfMonth = ''] = match;
  if (Number(year) < earliestYear) return null;
  const { day, isAdjusted } = nearestDay(Number(year), Number(month), Number(dayOfMonth));
  const time = isAdjusted ? null : parseTime(raw.slice(start.length));
  if (!time) return { raw, day, instant: null, hasTime: false, isZoned: false, isAdjusted };
  const instant = new Date(Date.parse(day) + time.ms - time.offsetMs);
  return { raw, day, instant, hasTime: time.ms !== 0, isZoned: time.isZoned, isAdjusted };
}

/** Beyond the end of a year or month, its last day; before the start, its first. */
function nearestDay(year: number, month: number, dayOfMonth: number): { day: string; isAdjusted: boolean } {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month > 12) return { day: toDay(year, 12, 31), isAdjusted: true };
  if (month < 1) return { day: toDay(year, 1, 1), isAdjusted: true };
  const nearest = Math.min(Math.max(dayOfMonth, 1), lastDay);
  return { day: toDay(year, month, nearest), isAdjusted: nearest !== dayOfMonth };
}

function toDay(year: number, month: number, dayOfMonth: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
}

function readEpoch(raw: string): ReceivedTimestamp | null {
  const [, digits] = epoch.exec(raw) ?? [];
  if (digits === undefined) return null;
  const instant = new Date(Number(digits) * (digits.length === 10 ? 1000 : 1));
  const text = instant.toISOString();
  const hasTime = !text.endsWith('T00:00:00.000Z');
  return { raw, day: text.slice(0, 10), instant, hasTime, isZoned: true, isAdjusted: false };
}

type TimeOfDay = { ms: number; offsetMs: number; isZoned: boolean };

function parseTime(text: string): TimeOfDay | null {
  const match = timeOfDay.exec(text.trimEnd());
  if (!match) return null;
  const [, hour = '', minute = '', second = '0', fraction = '', zone] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const ms = seconds * 1000 + Number(fraction.padEnd(3, '0'));
  return { ms, offsetMs: offsetMs(zone ?? 'Z'), isZoned: zone !== undefined };
}

function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0');
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
