'use client';

import { Button } from '#components/ui/button';
import { ErrorScreen } from '#components/ui/error-screen';
import { LinkButton } from '#components/ui/link-button';

type BrokenPageProps = { error: Error & { digest?: string }; reset: () => void };

/** A page that broke: a fixed sentence, and the number under which the logs say what happened. */
export function BrokenPage({ error, reset }: BrokenPageProps) {
  return (
    <ErrorScreen
      title="This page couldn’t be shown"
      reference={error.digest}
      actions={
        <>
          <Button onClick={reset}>Try again</Button>
          <LinkButton href="/" variant="secondary">
            Go to the start
          </LinkButton>
        </>
      }
    >
      Something broke on our side. Nothing of yours was lost or changed. If it happens again, quote the reference below.
    </ErrorScreen>
  );
}
