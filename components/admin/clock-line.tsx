import { toAgo, toFullInstant, toInstantWords } from '#lib/format/instant';
import { timeRatio, toLength } from '#lib/format/span';

export type NamedClock = {
  name: string;
  /** What the end of it means: `then a refresh is needed`. */
  meaning: string;
  startedAt: Date | null;
  /** Null when nobody has said when it ends. */
  endsAt: Date | null;
};

/** Clocks of very different length on one line of time, with now marked on it, and each of them in words. */
export function ClockLine({ label, clocks, now }: { label: string; clocks: readonly NamedClock[]; now: Date }) {
  const instants = clocks.flatMap((clock) => [clock.startedAt, clock.endsAt]).filter((at) => at !== null);
  const times = [...instants, now].map((at) => at.getTime());
  const from = new Date(Math.min(...times));
  const until = new Date(Math.max(...times));
  return (
    <figure>
      <figcaption className="sr-only">{label}</figcaption>
      <svg aria-hidden="true" className="h-5 w-full overflow-visible">
        <text
          x={toLength(timeRatio(now, from, until))}
          y="14"
          textAnchor="middle"
          className="fill-soft font-medium text-xs"
        >
          Now
        </text>
      </svg>
      <ul className="space-y-5">
        {clocks.map((clock) => (
          <li key={clock.name}>
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">{clock.name}</span>
              <EndWords clock={clock} now={now} />
            </p>
            <Lane clock={clock} from={from} until={until} now={now} />
            <p className="text-sm text-soft">{clock.meaning}</p>
          </li>
        ))}
      </ul>
      <p aria-hidden="true" className="figures mt-4 flex justify-between border-line border-t pt-2 text-soft text-xs">
        <span>{toInstantWords(from, now)}</span>
        <span>{toInstantWords(until, now)}</span>
      </p>
    </figure>
  );
}

function EndWords({ clock: { endsAt }, now }: { clock: NamedClock; now: Date }) {
  if (endsAt === null) return <span className="text-sm text-soft">End not known</span>;
  const isOver = endsAt <= now;
  return (
    <span className={`figures text-sm ${isOver ? 'font-medium text-danger' : ''}`}>
      {isOver ? 'Ended' : 'Ends'} {toAgo(endsAt, now)}
      <span className="text-soft">
        {', '}
        <time dateTime={endsAt.toISOString()}>{toFullInstant(endsAt)}</time>
      </span>
    </span>
  );
}

function Lane({ clock, from, until, now }: { clock: NamedClock; from: Date; until: Date; now: Date }) {
  const start = timeRatio(clock.startedAt ?? from, from, until);
  const end = timeRatio(clock.endsAt ?? until, from, until);
  const isOver = clock.endsAt !== null && clock.endsAt <= now;
  const at = toLength(timeRatio(now, from, until));
  return (
    <svg aria-hidden="true" className="my-1 h-6 w-full overflow-visible">
      <rect y="10" width="100%" height="4" rx="2" className="fill-sunken" />
      <rect
        x={toLength(start)}
        y="8"
        width={toLength(end - start)}
        height="8"
        rx="4"
        className={clock.endsAt === null ? 'fill-line' : isOver ? 'fill-edge' : 'fill-brand'}
      />
      {clock.endsAt === null ? null : (
        <circle
          cx={toLength(end)}
          cy="12"
          r="6"
          strokeWidth="3"
          className={`fill-surface ${isOver ? 'stroke-danger' : 'stroke-brand'}`}
        />
      )}
      <line x1={at} x2={at} y1="0" y2="24" strokeWidth="2" className="stroke-brass forced-colors:stroke-[Highlight]" />
    </svg>
  );
}
