export const DAY_MS = 86_400_000;

/** A day is a count of days since 1 January 1970; a month counts months since year 0. */
export const dayOf = (ms: number) => Math.floor(ms / DAY_MS);
export const weekdayOf = (day: number) => (day + 4) % 7;
export const isWeekend = (day: number) => weekdayOf(day) === 0 || weekdayOf(day) === 6;
export const firstDayOf = (month: number) => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;
export const lastDayOf = (month: number) => firstDayOf(month + 1) - 1;
export const onDayOf = (month: number, dayOfMonth: number) =>
  Math.min(firstDayOf(month) + dayOfMonth - 1, lastDayOf(month));

export function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const texts = new Map<number, string>();

export function dayText(day: number): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    texts.set(day, text);
  }
  return text;
}

/** 07 JUN, as banks write it beside a purchase. */
export function shortDay(day: number): string {
  const month = monthNames.slice((monthOf(day) % 12) * 3, (monthOf(day) % 12) * 3 + 3);
  return `${dayText(day).slice(8)} ${month}`;
}

const monthNames = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';

export function workingDayFrom(day: number): number {
  let found = day;
  while (isWeekend(found)) found += 1;
  return found;
}

export function workingDayBefore(day: number): number {
  let found = day;
  while (isWeekend(found)) found -= 1;
  return found;
}
