import type { ReactNode } from 'react';
import { TONE_INK, TONE_PAPER, type Tone } from './tone.tsx';

/** A short label: `Pending`, `Business`, `Version 3`. */
export function Badge({ children, tone = 'neutral' }: { children: ReactNode; tone?: Tone }) {
  return (
    <span
      className={`inline-flex items-center rounded-sm border border-transparent px-2 py-0.5 font-medium text-xs ${TONE_INK[tone]} ${TONE_PAPER[tone]}`}
    >
      {children}
    </span>
  );
}
