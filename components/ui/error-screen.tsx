import type { ReactNode } from 'react';
import { Reference } from './reference.tsx';

type ErrorScreenProps = {
  title: string;
  /** What happened, whether anything was lost, and what to do. */
  children: ReactNode;
  actions: ReactNode;
  reference?: string | undefined;
};

/** A page that could not be shown: never blank, never a code alone. Draws no `main` of its own. */
export function ErrorScreen({ title, children, actions, reference }: ErrorScreenProps) {
  return (
    <div className="py-6 sm:py-12">
      <BrokenLink />
      <h1 className="mt-7 font-semibold text-title tracking-[-0.022em]">{title}</h1>
      <div className="mt-3 max-w-prose space-y-3 text-soft">{children}</div>
      <div className="mt-7 flex flex-wrap gap-3">{actions}</div>
      {reference === undefined ? null : (
        <div className="mt-7">
          <Reference id={reference} />
        </div>
      )}
    </div>
  );
}

/** The mark, come apart. */
function BrokenLink() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 36 26"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      className="h-16 w-auto"
    >
      <path d="M3 18V10.5a5 5 0 0 1 10 0V16" className="stroke-brass" />
      <path d="M22 10v6.5a5 5 0 0 0 10 0V9" className="stroke-brand" />
      <path d="M17.5 4v2.5M17.5 12v2.5M17.5 20v2.5" strokeWidth="1.5" className="stroke-edge" />
    </svg>
  );
}
