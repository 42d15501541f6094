import { dayIn, LONDON, type TimeZone, toDayWords, toFullDay } from '#lib/format/day';
import { toAgo, toFullInstant, toInstantWords, toTime } from '#lib/format/instant';

type DayTextProps = {
  day: string;
  /** `near` says Today and Tue 3 March; `full` always names the year. */
  style?: 'near' | 'full';
  now?: Date;
  /** Of an account's day: where today is looked up. */
  zone?: TimeZone;
  /** Today in the calendar that the day belongs to, where the page knows it. */
  today?: string;
};

/** A calendar day. */
export function DayText({ day, style = 'near', now, zone = LONDON, today }: DayTextProps) {
  const reference = today ?? (now === undefined ? undefined : dayIn(zone, now));
  const words = style === 'near' && reference !== undefined ? toDayWords(day, reference) : toFullDay(day);
  return <time dateTime={day}>{words}</time>;
}

type DateTextProps = {
  at: Date;
  now: Date;
  /** `moment`: Today at 14:05. `ago`: 12 minutes ago. `day`: Today. `full-day`: 3 March 2026. `precise`: with seconds and zone. */
  style?: 'moment' | 'ago' | 'day' | 'full-day' | 'time' | 'precise';
  /** Of what happened at a bank: the zone of its calendar. */
  zone?: TimeZone;
};

/** An instant. `now` comes from the page's clock and never from the machine. */
export function DateText({ at, now, style = 'moment', zone = LONDON }: DateTextProps) {
  return (
    <time dateTime={at.toISOString()} title={toFullInstant(at, zone)}>
      {WORDS[style](at, now, zone)}
    </time>
  );
}

const WORDS: Record<NonNullable<DateTextProps['style']>, (at: Date, now: Date, zone: TimeZone) => string> = {
  moment: toInstantWords,
  ago: toAgo,
  day: (at, now, zone) => toDayWords(dayIn(zone, at), dayIn(zone, now)),
  'full-day': (at, _, zone) => toFullDay(dayIn(zone, at)),
  time: (at, _, zone) => toTime(at, zone),
  precise: (at, _, zone) => toFullInstant(at, zone),
};
