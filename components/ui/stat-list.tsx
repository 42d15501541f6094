import type { ReactNode } from 'react';
import { RouteLink } from './route-link.tsx';
import { StatusBadge } from './status-badge.tsx';
import type { Tone } from './tone.tsx';

export type Stat = {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  href?: string | undefined;
  state?: { tone: Tone; words: string } | undefined;
};

/** A few figures side by side, each with its name. */
export function StatList({ label, stats }: { label: string; stats: readonly Stat[] }) {
  return (
    <ul
      aria-label={label}
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))] gap-px overflow-hidden rounded-panel border border-line bg-line"
    >
      {stats.map((stat) => (
        <li key={stat.label} className="flex flex-col bg-surface p-4 sm:p-5">
          <p className="text-sm text-soft">
            {stat.href === undefined ? (
              stat.label
            ) : (
              <RouteLink
                href={stat.href}
                className="-my-3 inline-flex min-h-11 items-center rounded-sm underline decoration-1 underline-offset-4 hover:text-ink hover:decoration-2"
              >
                {stat.label}
              </RouteLink>
            )}
          </p>
          <p className="figures mt-1 font-semibold text-xl tracking-[-0.02em]">{stat.value}</p>
          {stat.state === undefined ? null : (
            <p className="mt-2">
              <StatusBadge tone={stat.state.tone} words={stat.state.words} />
            </p>
          )}
          {stat.note === undefined ? null : <p className="mt-1 text-sm text-soft">{stat.note}</p>}
        </li>
      ))}
    </ul>
  );
}
