import type { ReactNode } from 'react';
import { formatCount, toPercent } from '#lib/format/count';
import { toLength } from '#lib/format/span';

export type FunnelStep = {
  id: string;
  label: string;
  count: number;
  /** What usually happens between this step and the one before: a median time, the commonest reason to leave. */
  note?: ReactNode;
};

type FunnelChartProps = { label: string; steps: readonly FunnelStep[]; lossWords?: string };

/** How many reach each step. Every figure is text; the bars only repeat it, so it needs no second table. */
export function FunnelChart({ label, steps, lossWords = 'did not get here' }: FunnelChartProps) {
  const first = steps[0]?.count ?? 0;
  return (
    <ol aria-label={label} className="space-y-5">
      {steps.map((step, index) => {
        const lost = (steps[index - 1]?.count ?? step.count) - step.count;
        return (
          <li key={step.id}>
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">{step.label}</span>
              <span className="figures">
                <span className="font-semibold">{formatCount(step.count)}</span>
                <span className="text-soft"> · {toPercent(step.count, first)}</span>
              </span>
            </p>
            <Bar ratio={first === 0 ? 0 : step.count / first} />
            {lost > 0 || step.note !== undefined ? (
              <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft">
                <span>{step.note}</span>
                {lost > 0 ? (
                  <span className="figures">
                    {formatCount(lost)} {lossWords}
                  </span>
                ) : null}
              </p>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

function Bar({ ratio }: { ratio: number }) {
  return (
    <svg aria-hidden="true" className="my-1.5 h-3 w-full">
      <rect width="100%" height="12" rx="3" className="fill-sunken" />
      <rect width={toLength(ratio)} height="12" rx="3" className="fill-brand forced-colors:fill-[CanvasText]" />
    </svg>
  );
}
