import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { ConfirmForm } from '#components/ui/confirm-form';
import { LinkCode } from '#components/ui/link-code';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { findSignInLink } from '#lib/auth/confirm-sign-in';
import { findSignInSecret } from '#lib/auth/cookies';
import { findCurrentUser, requestContext } from '#lib/auth/current-user';
import { safeReturnPath } from '#lib/auth/return-path';
import { LINK_LIFE_MINUTES } from '#lib/auth/sign-in-link';
import { confirmLinkAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Sign in' };

type SearchParams = Promise<{ token?: string | string[]; returnTo?: string | string[] }>;

/** Where a mailed link leads. Opening it changes nothing; only the browser that asked for it gets a button. */
export default async function ConfirmPage({ searchParams }: { searchParams: SearchParams }) {
  const { token, returnTo: sent } = await searchParams;
  const returnTo = safeReturnPath(typeof sent === 'string' ? sent : null);
  if (typeof token !== 'string') {
    return (
      <Notice tone="caution" title="This link is incomplete" next={{ href: '/sign-in', label: 'Ask for a new link' }}>
        Some mail programs cut long links. Ask for a new one, and copy it whole.
      </Notice>
    );
  }
  const link = await findSignInLink(await requestContext(), { token, browserSecret: await findSignInSecret() });
  if (link === null) {
    if ((await findCurrentUser()) !== null) redirect(returnTo);
    return (
      <Notice
        tone="caution"
        title="This link can’t be used any more"
        next={{ href: `/sign-in?${new URLSearchParams({ returnTo })}`, label: 'Ask for a new link' }}
      >
        A link works once, and for {LINK_LIFE_MINUTES} minutes.
      </Notice>
    );
  }
  if (!link.isSameBrowser) {
    return (
      <>
        <PageHeader title="Your sign-in code" lead={<>Signing in as {link.email}.</>} />
        <LinkCode code={link.code}>
          You asked for this link in another browser or on another device. Go back to it and type this code on the page
          “Check your mail”.
        </LinkCode>
      </>
    );
  }
  return (
    <>
      <PageHeader title="Almost there" lead={<>You are signing in as {link.email}.</>} />
      <ConfirmForm
        action={confirmLinkAction}
        values={{ token, returnTo }}
        confirmLabel="Sign in"
        pendingLabel="Signing in…"
      />
    </>
  );
}
