import { TONE_INK, TONE_PAPER, type Tone } from './tone.tsx';

/** A state in words. The shape differs with the tone as well, for those to whom the colours look alike. */
export function StatusBadge({ tone, words }: { tone: Tone; words: string }) {
  return (
    <span
      className={`inline-flex items-center gap-2 rounded-full border border-transparent py-1 pr-3 pl-2.5 font-medium text-sm ${TONE_INK[tone]} ${TONE_PAPER[tone]}`}
    >
      <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3 shrink-0" fill="none" stroke="currentColor">
        {SHAPES[tone]}
      </svg>
      {words}
    </span>
  );
}

const SHAPES = {
  neutral: <circle cx="6" cy="6" r="4" strokeWidth="2" />,
  note: <path d="M6 2a4 4 0 0 1 4 4M6 10a4 4 0 0 1-4-4" strokeWidth="2" strokeLinecap="round" />,
  good: <circle cx="6" cy="6" r="3.5" fill="currentColor" strokeWidth="3" />,
  caution: <path d="M6 2.2 10.3 9.6H1.7Z" fill="currentColor" strokeWidth="1.5" strokeLinejoin="round" />,
  danger: <path d="M2.5 2.5h7v7h-7z" fill="currentColor" strokeWidth="1.5" strokeLinejoin="round" />,
};
