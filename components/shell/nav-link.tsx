'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { RouteLink } from '#components/ui/route-link';

type NavLinkProps = {
  href: string;
  className: string;
  children: ReactNode;
};

/** Knows whether it is where the person is, which a layout doesn't: layouts are not drawn again between siblings. */
export function NavLink({ href, className, children }: NavLinkProps) {
  const path = usePathname();
  return (
    <RouteLink href={href} className={className} isCurrent={path === href || path.startsWith(`${href}/`)}>
      {children}
    </RouteLink>
  );
}
