import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { RouteLink } from './route-link.tsx';

type PageHeaderProps = {
  title: string;
  lead?: ReactNode;
  /** A badge, a logo: what stands over the title. */
  above?: ReactNode;
  actions?: ReactNode;
  back?: { href: string; label: string } | undefined;
};

export function PageHeader({ title, lead, above, actions, back }: PageHeaderProps) {
  return (
    <header className="mb-7 sm:mb-9">
      {back === undefined ? null : (
        <RouteLink
          href={back.href}
          className="-ml-1.5 mb-2 inline-flex min-h-11 items-center gap-1 rounded-sm pr-2 font-medium text-brand hover:underline hover:underline-offset-4"
        >
          <Icon name="chevron-left" />
          {back.label}
        </RouteLink>
      )}
      {above === undefined ? null : <div className="mb-4">{above}</div>}
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="min-w-0">
          <h1 className="font-semibold text-title tracking-[-0.022em]">{title}</h1>
          {lead === undefined ? null : <div className="mt-2.5 max-w-prose text-soft">{lead}</div>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap gap-3">{actions}</div>}
      </div>
    </header>
  );
}
