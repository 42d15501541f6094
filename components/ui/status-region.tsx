import type { ReactNode } from 'react';

/** In the page from the start, so that what appears in it is read out: the answer to a form, a step that is done. */
export function StatusRegion({ children }: { children?: ReactNode }) {
  return (
    <div role="status" aria-live="polite" className="[&:not(:empty)]:mb-6">
      {children}
    </div>
  );
}
