import { toDayWords, toFullDay, toLondonDay } from '#lib/format/day';
import { toAgo, toFullInstant, toInstantWords, toTime } from '#lib/format/instant';

type DayTextProps = {
  day: string;
  /** `near` says Today and Tue 3 March; `full` always names the year. */
  style?: 'near' | 'full';
  now?: Date;
};

/** A calendar day. */
export function DayText({ day, style = 'near', now }: DayTextProps) {
  const words = style === 'near' && now !== undefined ? toDayWords(day, toLondonDay(now)) : toFullDay(day);
  return <time dateTime={day}>{words}</time>;
}

type DateTextProps = {
  at: Date;
  now: Date;
  /** `moment`: Today at 14:05. `ago`: 12 minutes ago. `day`: Today. `full-day`: 3 March 2026. `precise`: with seconds and zone. */
  style?: 'moment' | 'ago' | 'day' | 'full-day' | 'time' | 'precise';
};

/** An instant, as London reads it. `now` comes from the page's clock and never from the machine. */
export function DateText({ at, now, style = 'moment' }: DateTextProps) {
  return (
    <time dateTime={at.toISOString()} title={toFullInstant(at)}>
      {WORDS[style](at, now)}
    </time>
  );
}

const WORDS: Record<NonNullable<DateTextProps['style']>, (at: Date, now: Date) => string> = {
  moment: toInstantWords,
  ago: toAgo,
  day: (at, now) => toDayWords(toLondonDay(at), toLondonDay(now)),
  'full-day': (at) => toFullDay(toLondonDay(at)),
  time: toTime,
  precise: toFullInstant,
};
