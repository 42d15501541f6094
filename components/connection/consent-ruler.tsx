import { toFullDay, toLondonDay } from '#lib/format/day';
import { toDaysLeft } from '#lib/format/days-left';
import { timeRatio, toLength } from '#lib/format/span';

type ConsentRulerProps = {
  since: Date;
  /** Null when the bank hasn't said yet. */
  until: Date | null;
  now: Date;
};

/** A consent from its first day to its last: what is left of it is the dark part. The same stands beneath in words. */
export function ConsentRuler({ since, until, now }: ConsentRulerProps) {
  const isOver = until !== null && until <= now;
  return (
    <div>
      {until === null ? null : <Rail since={since} until={until} now={now} />}
      <p className="figures mt-2 flex flex-wrap justify-between gap-x-6 text-sm">
        <span className="text-soft">
          Since <time dateTime={since.toISOString()}>{toFullDay(toLondonDay(since))}</time>
        </span>
        {until === null ? (
          <span className="text-soft">End not known yet</span>
        ) : (
          <span>
            {isOver ? 'Until ' : 'Ends '}
            <time dateTime={until.toISOString()}>{toFullDay(toLondonDay(until))}</time>
            <strong className="font-semibold">, {toDaysLeft(until, now)}</strong>
          </span>
        )}
      </p>
    </div>
  );
}

/** The days on which reminders go out. */
const MARKS = [14, 7, 3, 1] as const;
const DAY_MS = 86_400_000;

function Rail({ since, until, now }: { since: Date; until: Date; now: Date }) {
  const gone = timeRatio(now, since, until);
  const daysToGo = (until.getTime() - now.getTime()) / DAY_MS;
  const fill = daysToGo > 14 ? 'fill-brand' : daysToGo > 3 ? 'fill-brass' : 'fill-danger';
  return (
    <svg aria-hidden="true" className="h-4 w-full overflow-visible forced-colors:text-[CanvasText]">
      <rect y="6" width="100%" height="4" rx="2" className="fill-line" />
      <rect
        x={toLength(gone)}
        y="6"
        width={toLength(1 - gone)}
        height="4"
        rx="2"
        className={`${fill} forced-colors:fill-[CanvasText]`}
      />
      {MARKS.map((days) => {
        const at = toLength(timeRatio(new Date(until.getTime() - days * DAY_MS), since, until));
        return <rect key={days} x={at} y="3" width="1.5" height="10" className="fill-soft opacity-60" />;
      })}
      {gone < 1 ? (
        <circle cx={toLength(gone)} cy="8" r="5.5" strokeWidth="3" className="fill-surface stroke-ink" />
      ) : null}
    </svg>
  );
}
