'use client';

import { unstable_isUnrecognizedActionError as isUnknownAction } from 'next/navigation';
import { useEffect, useState } from 'react';
import { hasTypedText, storeTypedText } from '#components/typed-text/typed-text';
import { Button } from '#components/ui/button';
import { ErrorScreen } from '#components/ui/error-screen';
import { LinkButton } from '#components/ui/link-button';

type BrokenPageProps = { error: Error & { digest?: string }; reset: () => void };

/** A page that failed: a fixed sentence, and the digest under which the logs have the error. */
export function BrokenPage({ error, reset }: BrokenPageProps) {
  const { digest } = error;
  // The server does not know the action: it was deployed after this page was loaded.
  if (isUnknownAction(error)) return <OutdatedPage />;
  return (
    <div role="alert">
      <ErrorScreen
        title="This page couldn’t be shown"
        reference={digest}
        actions={
          <>
            <Button onClick={reset}>Try again</Button>
            <LinkButton href="/" variant="secondary">
              Go to the start
            </LinkButton>
          </>
        }
      >
        Something broke on our side. Nothing of yours was lost or changed.
        {digest === undefined ? null : ' If it happens again, quote the reference below.'}
      </ErrorScreen>
    </div>
  );
}

function OutdatedPage() {
  const [hasText] = useState(hasTypedText);
  useEffect(storeTypedText, []);
  return (
    <div role="alert">
      <ErrorScreen
        title="This page is out of date"
        actions={<Button onClick={() => location.reload()}>Reload the page</Button>}
      >
        Linkwell was updated while it was open, so what you sent was not saved.{' '}
        {hasText ? 'Reload the page to get your text back, then send it again.' : 'Reload the page and try again.'}
      </ErrorScreen>
    </div>
  );
}
