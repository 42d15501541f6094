import type { ReactNode } from 'react';

/** Above everything while the product is tried out locally: says what is pretended, and holds the controls for it. */
export function DemoBar({ words, children }: { words: string; children?: ReactNode }) {
  return (
    <aside aria-label="Trial controls" className="border-brass border-b-4 bg-ink text-page">
      <div className="mx-auto flex max-w-wide flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-2 text-sm sm:px-6">
        <p>{words}</p>
        {children}
      </div>
    </aside>
  );
}
