import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

type DisclosureProps = {
  summary: ReactNode;
  children: ReactNode;
  isOpen?: boolean;
  /** Those that share a name close each other. */
  group?: string;
  look?: 'link' | 'row';
};

export function Disclosure({ summary, children, isOpen, group, look = 'link' }: DisclosureProps) {
  return (
    <details open={isOpen} name={group}>
      <summary className={SUMMARIES[look]}>
        <span className="min-w-0 flex-1">{summary}</span>
        <span className="text-brand transition-transform [details[open]>summary>&]:rotate-180">
          <Icon name="chevron-down" />
        </span>
      </summary>
      <div className={look === 'link' ? 'pt-1 pb-2' : 'pb-4'}>{children}</div>
    </details>
  );
}

const SUMMARIES = {
  link: 'inline-flex min-h-11 items-center gap-1.5 rounded-sm font-medium text-brand hover:underline hover:underline-offset-4',
  row: 'flex min-h-13 items-center gap-3 rounded-sm py-2 font-medium hover:text-brand',
} as const;
