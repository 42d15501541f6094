import type { ReactNode } from 'react';
import { RouteLink } from '#components/ui/route-link';
import { MainNav } from './main-nav.tsx';
import { Wordmark } from './mark.tsx';
import { PersonMenu } from './person-menu.tsx';

export type Person = { email: string; isAdmin: boolean };

type AppHeaderProps = { person: Person; signOut: ReactNode };

export function AppHeader({ person, signOut }: AppHeaderProps) {
  const links = [
    { href: '/connections', label: 'What you share' },
    { href: '/account', label: 'Your account' },
    ...(person.isAdmin ? [{ href: '/admin/connections', label: 'Admin' }] : []),
  ];
  return (
    <header className="border-line border-b bg-surface">
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:flex-nowrap sm:px-6">
        <RouteLink href="/accounts" className="mr-auto inline-flex min-h-11 items-center rounded-sm">
          <Wordmark />
        </RouteLink>
        <MainNav />
        <PersonMenu email={person.email} links={links} signOut={signOut} />
      </div>
    </header>
  );
}
