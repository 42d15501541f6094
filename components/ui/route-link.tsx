import NextLink from 'next/link';
import type { ReactNode } from 'react';

export type RouteLinkProps = {
  href: string;
  className?: string;
  children: ReactNode;
  /** For what isn't a page of ours: downloads, routes that redirect, other sites. */
  isPlain?: boolean | undefined;
  /** Saves whatever the route answers: not for one that may redirect to a page. */
  isDownload?: boolean | undefined;
  isCurrent?: boolean | undefined;
  label?: string | undefined;
  describedBy?: string | undefined;
};

/** The one place where a link is made. Pages are never fetched ahead: each costs the server a person's rows. */
export function RouteLink({
  href,
  children,
  isPlain,
  isDownload,
  isCurrent,
  label,
  describedBy,
  className,
}: RouteLinkProps) {
  const shared = {
    className,
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-current': isCurrent === true ? ('page' as const) : undefined,
  };
  if (/^https?:/.test(href)) {
    return (
      <a href={href} rel="noopener noreferrer" {...shared}>
        {children}
      </a>
    );
  }
  if (isPlain === true || isDownload === true || href.startsWith('#') || href.startsWith('mailto:')) {
    return (
      <a href={href} download={isDownload === true ? '' : undefined} {...shared}>
        {children}
      </a>
    );
  }
  return (
    <NextLink href={href} prefetch={false} {...shared}>
      {children}
    </NextLink>
  );
}
