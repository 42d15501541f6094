import type { ReactNode } from 'react';
import { TypedTextNotice } from '#components/typed-text/typed-text-notice';
import { RouteLink } from '#components/ui/route-link';
import { Mark } from './mark.tsx';
import { NavLink } from './nav-link.tsx';
import { PersonMenu } from './person-menu.tsx';

const PLACES = [
  { href: '/admin/connections', label: 'Connections' },
  { href: '/admin/funnel', label: 'Funnel' },
  { href: '/admin/health', label: 'Health' },
  { href: '/admin/audit', label: 'Audit' },
  { href: '/admin/settings', label: 'Settings' },
] as const;

type AdminShellProps = {
  email: string;
  signOut: ReactNode;
  children: ReactNode;
  demoBar?: ReactNode;
  footer?: ReactNode;
};

/** Around the team's pages: wider, and visibly not a person's own side. */
export function AdminShell({ email, signOut, children, demoBar, footer }: AdminShellProps) {
  return (
    <div className="flex min-h-svh flex-col">
      {demoBar}
      <header className="deep-panel">
        <div className="mx-auto flex max-w-wide flex-wrap items-center gap-x-6 px-4 pt-2.5 sm:px-6 lg:flex-nowrap lg:py-2.5">
          <RouteLink
            href="/admin/connections"
            className="mr-auto inline-flex min-h-11 items-center gap-2.5 rounded-sm lg:mr-4"
          >
            <Mark tone="on-deep" />
            <span className="font-[650] text-lg tracking-[-0.03em]">Linkwell</span>
            <span className="rounded-sm border border-deep-line px-1.5 py-0.5 font-medium text-on-deep-soft text-xs">
              Admin
            </span>
          </RouteLink>
          <AdminNav />
          <PersonMenu email={email} links={[{ href: '/accounts', label: 'Your own accounts' }]} signOut={signOut} />
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-wide flex-1 px-4 py-8 outline-none sm:px-6 sm:py-10"
      >
        <TypedTextNotice />
        {children}
      </main>
      {footer}
    </div>
  );
}

function AdminNav() {
  return (
    <nav aria-label="Admin" className="order-last w-full overflow-x-auto lg:order-none lg:mr-auto lg:w-auto">
      <ul className="flex">
        {PLACES.map((place) => (
          <li key={place.href}>
            <NavLink href={place.href} className={PLACE}>
              {place.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const PLACE =
  'relative flex min-h-11 items-center whitespace-nowrap px-3 font-medium text-on-deep-soft -outline-offset-4 hover:text-on-deep aria-[current=page]:text-on-deep after:absolute after:inset-x-3 after:bottom-0 after:h-[3px] after:rounded-full aria-[current=page]:after:bg-brass forced-colors:aria-[current=page]:after:bg-[Highlight]';
