import type { ReactNode } from 'react';
import { TypedTextNotice } from '#components/typed-text/typed-text-notice';
import { RouteLink } from '#components/ui/route-link';
import { Wordmark } from './mark.tsx';

type GuestShellProps = {
  children: ReactNode;
  footer: ReactNode;
  actions?: ReactNode;
  demoBar?: ReactNode;
  width?: 'narrow' | 'page';
};

/** Around pages for somebody who isn't signed in: the front page, signing in, a return from the bank without a session. */
export function GuestShell({ children, footer, actions, demoBar, width = 'narrow' }: GuestShellProps) {
  return (
    <div className="flex min-h-svh flex-col">
      {demoBar}
      <header className="mx-auto flex w-full max-w-page items-center justify-between gap-4 px-4 py-4 sm:px-6 sm:py-6">
        <RouteLink href="/" className="inline-flex min-h-11 items-center rounded-sm">
          <Wordmark />
        </RouteLink>
        {actions}
      </header>
      <main
        id="main"
        tabIndex={-1}
        className={`mx-auto w-full flex-1 px-4 py-6 outline-none sm:px-6 sm:py-12 ${width === 'narrow' ? 'max-w-narrow' : 'max-w-page'}`}
      >
        <TypedTextNotice />
        {children}
      </main>
      {footer}
    </div>
  );
}
