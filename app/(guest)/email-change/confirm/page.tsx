import type { Metadata } from 'next';
import { ConfirmForm } from '#components/ui/confirm-form';
import { LinkCode } from '#components/ui/link-code';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { findEmailChange } from '#lib/auth/confirm-email-change';
import { findCurrentUser, requestContext } from '#lib/auth/current-user';
import { LINK_LIFE_MINUTES } from '#lib/auth/sign-in-link';
import { confirmEmailChangeAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Confirm your new address' };

type SearchParams = Promise<{ token?: string | string[]; problem?: string | string[] }>;

/** Where the link mailed to a new address leads. Opening it changes nothing; only the session that asked gets a button. */
export default async function ConfirmEmailChangePage({ searchParams }: { searchParams: SearchParams }) {
  const { token, problem } = await searchParams;
  const sessionId = (await findCurrentUser())?.sessionId ?? null;
  const change = typeof token === 'string' ? await findEmailChange(await requestContext(), { token, sessionId }) : null;
  if (typeof token !== 'string' || change === null) {
    return (
      <Notice
        tone="caution"
        title="This link can’t be used any more"
        next={{ href: '/account/email', label: 'Ask for a new link' }}
      >
        A link works once, for {LINK_LIFE_MINUTES} minutes, and only until you ask for another one or sign out.
      </Notice>
    );
  }
  if (!change.isSameBrowser) {
    return (
      <>
        <PageHeader title="Your confirmation code" lead={`For the address ${change.newEmail}.`} />
        <LinkCode code={change.code}>
          The change was asked for in another browser or on another device. Go back to it and type this code on the page
          “Change email address”.
        </LinkCode>
      </>
    );
  }
  return (
    <>
      <PageHeader title="Confirm your new address" lead="Sign-in links and reminders will go there." />
      {problem === undefined ? null : (
        <div className="mb-6">
          <Notice tone="danger" title="The address was not changed" role="alert">
            Another account uses it. Sign in with it to use that account, or choose another address.
          </Notice>
        </div>
      )}
      <ConfirmForm
        action={confirmEmailChangeAction}
        values={{ token }}
        confirmLabel={`Use ${change.newEmail}`}
        pendingLabel="Changing…"
        cancel={{ href: '/account', label: 'Keep the old one' }}
      >
        <p>All your other devices are signed out, and your old address gets a notice.</p>
      </ConfirmForm>
    </>
  );
}
