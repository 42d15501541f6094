import type { ReactNode } from 'react';
import { TypedTextNotice } from '#components/typed-text/typed-text-notice';
import { AppHeader, type Person } from './app-header.tsx';

type AppShellProps = {
  person: Person;
  signOut: ReactNode;
  footer: ReactNode;
  children: ReactNode;
  /** Above everything, in local trials only. */
  demoBar?: ReactNode;
  /** Consents that end soon. */
  banner?: ReactNode;
};

/** Around every page of a person who is signed in. */
export function AppShell({ person, signOut, footer, children, demoBar, banner }: AppShellProps) {
  return (
    <div className="flex min-h-svh flex-col thumb:pb-20">
      {demoBar}
      <AppHeader person={person} signOut={signOut} />
      {banner}
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-page flex-1 px-4 py-8 outline-none sm:px-6 sm:py-12"
      >
        <TypedTextNotice />
        {children}
      </main>
      {footer}
    </div>
  );
}
