import type { ReactNode } from 'react';
import { toDayWords, toLondonDay } from '#lib/format/day';
import { groupByDay } from '#lib/format/group-by-day';
import { toTime } from '#lib/format/instant';
import type { Tone } from './tone.tsx';

export type TimelineEntry = {
  id: string;
  at: Date;
  title: string;
  detail?: ReactNode;
  /** Who did it, where it matters: `You`, `Linkwell`, `NatWest`. */
  actor?: string | undefined;
  tone?: Tone;
};

type TimelineProps = { entries: readonly TimelineEntry[]; now: Date; headingLevel?: 3 | 4 };

/** What happened, newest first, under the day on which it did. */
export function Timeline({ entries, now, headingLevel = 3 }: TimelineProps) {
  const today = toLondonDay(now);
  const Heading = headingLevel === 3 ? 'h3' : 'h4';
  return (
    <div className="space-y-7">
      {groupByDay(entries, (entry) => toLondonDay(entry.at)).map((group) => (
        <div key={group.day}>
          <Heading className="mb-3 font-semibold text-sm text-soft">{toDayWords(group.day, today)}</Heading>
          <ol className="ml-1.5 space-y-4 border-line border-l pl-6">
            {group.items.map((entry) => (
              <li key={entry.id} className="relative">
                <span
                  aria-hidden="true"
                  className={`absolute top-1.5 -left-[1.9rem] size-3 rounded-full border-2 border-page ${DOTS[entry.tone ?? 'neutral']}`}
                />
                <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <span className="font-medium">{entry.title}</span>
                  <time dateTime={entry.at.toISOString()} className="figures text-sm text-soft">
                    {toTime(entry.at)}
                  </time>
                </p>
                {entry.detail === undefined ? null : <div className="text-sm text-soft">{entry.detail}</div>}
                {entry.actor === undefined ? null : <p className="text-sm text-soft">By {entry.actor}</p>}
              </li>
            ))}
          </ol>
        </div>
      ))}
    </div>
  );
}

const DOTS = {
  neutral: 'bg-edge',
  note: 'bg-note',
  good: 'bg-good',
  caution: 'bg-brass',
  danger: 'bg-danger',
} as const;
