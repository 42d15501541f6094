import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export type StepState = 'done' | 'current' | 'waiting' | 'failed' | 'skipped';
export type Step = { id: string; title: string; state: StepState; note?: ReactNode };

/** Named steps, each with its state in words. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ol aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.id}
          aria-current={step.state === 'current' ? 'step' : undefined}
          className="group relative flex gap-4 pb-6 last:pb-0"
        >
          <span
            aria-hidden="true"
            className={`absolute top-9 bottom-1 left-[0.9375rem] w-0.5 group-last:hidden ${step.state === 'done' ? 'bg-good' : 'bg-line'}`}
          />
          <Disc state={step.state} />
          <div className="min-w-0 flex-1 pt-0.5">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className={step.state === 'waiting' || step.state === 'skipped' ? 'text-soft' : 'font-semibold'}>
                {step.title}
              </span>
              <span className={`text-sm ${INKS[step.state]}`}>{WORDS[step.state]}</span>
            </p>
            {step.note === undefined ? null : <div className="mt-0.5 text-sm text-soft">{step.note}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}

const WORDS: Record<StepState, string> = {
  done: 'Done',
  current: 'In progress',
  waiting: 'Not started',
  failed: 'Did not work',
  skipped: 'Left out',
};

const INKS: Record<StepState, string> = {
  done: 'text-good',
  current: 'text-note',
  waiting: 'text-soft',
  failed: 'text-danger',
  skipped: 'text-soft',
};

const DISC = 'grid size-8 shrink-0 place-items-center rounded-full border';

function Disc({ state }: { state: StepState }) {
  if (state === 'done')
    return (
      <span className={`${DISC} border-transparent bg-good-soft text-good`}>
        <Icon name="check" size="sm" />
      </span>
    );
  if (state === 'failed')
    return (
      <span className={`${DISC} border-transparent bg-danger-soft text-danger`}>
        <Icon name="close" size="sm" />
      </span>
    );
  if (state === 'skipped')
    return (
      <span className={`${DISC} border-line text-soft`}>
        <Icon name="minus" size="sm" />
      </span>
    );
  if (state === 'waiting') return <span className={`${DISC} border-edge border-dashed`} />;
  return (
    <span className={`${DISC} border-transparent bg-note-soft text-note`}>
      <svg
        aria-hidden="true"
        viewBox="0 0 24 24"
        fill="none"
        strokeWidth="3"
        stroke="currentColor"
        strokeLinecap="round"
        className="size-5 motion-safe:animate-spin"
      >
        <circle cx="12" cy="12" r="8.5" className="opacity-25" />
        <path d="M20.5 12A8.5 8.5 0 0 0 12 3.5" />
      </svg>
    </span>
  );
}
