'use client';

import { useEffect } from 'react';
import { LinkButton } from '#components/ui/link-button';

/**
 * Hands the person back to the app that sent them. Once: who comes back here with the back button stays, and has the button,
 * as has everybody whose browser refuses to go by itself.
 */
export function HandOver({ url, attemptId }: { url: string; attemptId: string }) {
  useEffect(() => {
    const key = `handed-over-${attemptId}`;
    if (sessionStorage.getItem(key) !== null) return;
    sessionStorage.setItem(key, 'yes');
    window.location.assign(url);
  }, [url, attemptId]);
  return <LinkButton href={url}>Back to the app</LinkButton>;
}
