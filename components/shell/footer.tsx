import type { ReactNode } from 'react';
import { RouteLink } from '#components/ui/route-link';

type FooterProps = {
  links: readonly { href: string; label: string }[];
  /** Who we are and who reaches the bank for us, in the wording that has been agreed. */
  children: ReactNode;
  width?: 'page' | 'wide';
};

export function Footer({ links, children, width = 'page' }: FooterProps) {
  return (
    <footer
      className={`mx-auto w-full px-4 pt-6 pb-10 text-sm text-soft sm:px-6 ${width === 'page' ? 'max-w-page' : 'max-w-wide'}`}
    >
      <div className="border-line border-t pt-4">
        {links.length === 0 ? null : (
          <ul className="-ml-2 mb-1 flex flex-wrap gap-x-3">
            {links.map((link) => (
              <li key={link.href}>
                <RouteLink
                  href={link.href}
                  className="inline-flex min-h-11 items-center rounded-sm px-2 underline decoration-1 underline-offset-4 hover:text-ink hover:decoration-2"
                >
                  {link.label}
                </RouteLink>
              </li>
            ))}
          </ul>
        )}
        <div className="max-w-prose space-y-2">{children}</div>
      </div>
    </footer>
  );
}
