/** Two links that hold each other; the lower one is the well. */
export function Mark({ size = 'md', tone = 'auto' }: { size?: 'md' | 'lg' | 'xl'; tone?: 'auto' | 'on-deep' }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="2 1.5 20 21"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      className={SIZES[size]}
    >
      <path d={LINK} className="stroke-brass" />
      <path d={WELL} className={tone === 'auto' ? 'stroke-brand' : 'stroke-on-deep'} />
    </svg>
  );
}

/** The mark and the name. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark />
      <span className="font-[650] text-lg tracking-[-0.03em]">Linkwell</span>
    </span>
  );
}

const LINK = 'M4.5 16.5V9a5 5 0 0 1 10 0v5.5';
const WELL = 'M9.5 9.5V15a5 5 0 0 0 10 0V7.5';
const SIZES = { md: 'h-7 w-auto shrink-0', lg: 'h-12 w-auto shrink-0', xl: 'h-20 w-auto shrink-0' } as const;
