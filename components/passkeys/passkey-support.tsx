'use client';

import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { type ReactNode, useSyncExternalStore } from 'react';

/** Shows `children` where passkeys work, and says so where they don't. */
export function PasskeySupport({ children }: { children: ReactNode }) {
  const isSupported = useSyncExternalStore(subscribe, browserSupportsWebAuthn, () => true);
  if (!isSupported) return <p className="font-semibold">This browser doesn’t support passkeys. Try another one.</p>;
  return (
    <>
      {children}
      <noscript>
        <p className="mt-3 font-semibold">
          Passkeys need JavaScript. Turn it on in your browser, then load this page again.
        </p>
      </noscript>
    </>
  );
}

function subscribe(): () => void {
  return () => undefined;
}
