const WIDTHS = ['w-3/5', 'w-2/5', 'w-1/2', 'w-1/3', 'w-2/3'] as const;

/** Says once that something is loading; the bars themselves are not read out. */
export function Loading({ words, children }: { words: string; children: React.ReactNode }) {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        {words}
      </p>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

export function SkeletonTitle() {
  return (
    <div className="mb-8 space-y-3">
      <div className={`${BAR} h-9 w-56`} />
      <div className={`${BAR} h-4 w-72 max-w-full`} />
    </div>
  );
}

/** Where the one figure of a page will stand. */
export function SkeletonFigure() {
  return (
    <div className="deep-panel rounded-panel p-6 sm:p-8">
      <div className="h-4 w-24 rounded-sm bg-deep-line motion-safe:animate-pulse" />
      <div className="mt-4 h-10 w-52 max-w-full rounded-sm bg-deep-line motion-safe:animate-pulse" />
      <div className="mt-5 h-3.5 w-40 rounded-sm bg-deep-line motion-safe:animate-pulse" />
    </div>
  );
}

export function SkeletonCard() {
  return (
    <div className="rounded-panel border border-line bg-surface p-5 sm:p-6">
      <div className="flex items-center gap-4">
        <div className={`${BAR} size-12`} />
        <div className="flex-1 space-y-2.5">
          <div className={`${BAR} h-4 w-2/5`} />
          <div className={`${BAR} h-3.5 w-3/5`} />
        </div>
      </div>
      <div className={`${BAR} mt-6 h-3 w-full`} />
    </div>
  );
}

export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div className="divide-y divide-line rounded-panel border border-line bg-surface px-5">
      {Array.from({ length: rows }, (_, index) => (
        <div key={`row-${index.toString()}`} className="flex items-center gap-4 py-4">
          <div className={`${BAR} size-9 rounded-full`} />
          <div className={`${BAR} h-4 ${WIDTHS[index % WIDTHS.length]}`} />
          <div className={`${BAR} ml-auto h-4 w-20`} />
        </div>
      ))}
    </div>
  );
}

const BAR = 'rounded-sm bg-line/70 motion-safe:animate-pulse';
