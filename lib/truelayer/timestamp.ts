/**
 * A moment as a bank writes it. `day` is the calendar day as written, whatever the zone. `instant` is null where no time was
 * given. `hasTime` is false at midnight, since most banks know only the day and say midnight.
 */
export type Timestamp = { raw: string; day: string; instant: Date | null; hasTime: boolean };

const leadingDay = /^\s*(\d{4})-(\d{2})-(\d{2})(?!\d)/;
const timeOfDay = /^[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?\s*$/i;
const earliestYear = 1900;
// What nearly every row has, save for the last days of a month; these go the long way.
const usual = /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ?$/;

/** Null when no calendar day can be read. The year 1, which stands for "unknown", counts as none. */
export function parseTimestamp(raw: string): Timestamp | null {
  return usual.test(raw) ? readUsual(raw) : readAny(raw);
}

/** Null unless the text is a day that exists, `YYYY-MM-DD`. */
export function parseDay(text: string): string | null {
  return text.length === 10 ? (parseTimestamp(text)?.day ?? null) : null;
}

function readUsual(raw: string): Timestamp {
  const instant = new Date(raw.endsWith('Z') ? raw : `${raw}Z`);
  return { raw, day: raw.slice(0, 10), instant, hasTime: !raw.startsWith('00:00:00', 11) };
}

function readAny(raw: string): Timestamp | null {
  const match = leadingDay.exec(raw);
  if (!match) return null;
  const [start, year = '', month = '', dayOfMonth = ''] = match;
  if (!isCalendarDay(Number(year), Number(month), Number(dayOfMonth))) return null;
  const day = `${year}-${month}-${dayOfMonth}`;
  const midnightMs = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth));
  const time = parseTime(raw.slice(start.length));
  if (!time) return { raw, day, instant: null, hasTime: false };
  return { raw, day, instant: new Date(midnightMs + time.ms - time.offsetMs), hasTime: time.ms !== 0 };
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < earliestYear || month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function parseTime(text: string): { ms: number; offsetMs: number } | null {
  const match = timeOfDay.exec(text);
  if (!match) return null;
  const [, hour = '', minute = '', second = '0', fraction = '', zone = 'Z'] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return { ms: seconds * 1000 + Number(fraction.padEnd(3, '0')), offsetMs: offsetMs(zone) };
}

/** A zoneless time is taken as UTC: which zone a bank means by it is documented nowhere. */
function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0');
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
