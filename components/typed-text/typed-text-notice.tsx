'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Notice } from '#components/ui/notice';
import { StatusRegion } from '#components/ui/status-region';
import { noteTypedText, putBackTypedText, takeTypedText } from './typed-text.tsx';

/**
 * Notes what each sent form contained. When the server has been updated since the page was loaded, `app/_broken-page.tsx` stores
 * it for the reload; here it is put back, and the page says so.
 */
export function TypedTextNotice() {
  const path = usePathname();
  const [putBackAt, setPutBackAt] = useState<string | null>(null);
  useEffect(() => {
    const onSubmit = ({ target }: Event) => {
      setPutBackAt(null);
      if (target instanceof HTMLFormElement) noteTypedText(target);
    };
    addEventListener('submit', onSubmit, true);
    return () => removeEventListener('submit', onSubmit, true);
  }, []);
  useEffect(() => {
    const typed = takeTypedText();
    if (typed === null) return;
    // Parts of the page that stream may arrive later than this part hydrates.
    const observer = new MutationObserver(tryOnce);
    function tryOnce() {
      if (typed === null || !putBackTypedText(typed)) return;
      observer.disconnect();
      setPutBackAt(location.pathname);
    }
    observer.observe(document.body, { childList: true, subtree: true });
    tryOnce();
    return () => observer.disconnect();
  }, []);
  return (
    <StatusRegion>
      {putBackAt === path ? (
        <Notice tone="note" title="This page is up to date now">
          We put back the text that you had typed. Check the form and send it again.
        </Notice>
      ) : null}
    </StatusRegion>
  );
}
