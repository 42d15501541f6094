import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

type EmptyStateProps = {
  title: string;
  children: ReactNode;
  icon?: IconName;
  action?: ReactNode;
  level?: 2 | 3;
};

/** Nothing here yet: says why, and what fills it. */
export function EmptyState({ title, children, icon = 'link', action, level = 2 }: EmptyStateProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className="rounded-panel border border-edge/50 border-dashed px-6 py-10 sm:px-10 sm:py-12">
      <span className="mb-5 inline-grid size-12 place-items-center rounded-full bg-tint text-brand">
        <Icon name={icon} size="lg" />
      </span>
      <Heading className="font-semibold text-lg tracking-[-0.01em]">{title}</Heading>
      <div className="mt-1.5 max-w-prose text-soft">{children}</div>
      {action === undefined ? null : <div className="mt-6 flex flex-wrap gap-3">{action}</div>}
    </div>
  );
}
