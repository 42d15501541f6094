import type { Metadata } from 'next';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { SubmitButton } from '#components/ui/submit-button';
import { safeReturnPath } from '#lib/auth/return-path';

export const metadata: Metadata = { title: 'Sign in', referrer: 'no-referrer' };

type SearchParams = Promise<{ email?: string | string[]; token?: string | string[]; returnTo?: string | string[] }>;

/** Where a mailed link leads. Nothing is used up by looking: a scanner that follows links doesn't press buttons. */
export default async function ConfirmPage({ searchParams }: { searchParams: SearchParams }) {
  const { email, token, returnTo } = await searchParams;
  if (typeof email !== 'string' || typeof token !== 'string') {
    return (
      <Notice tone="caution" title="This link is incomplete" next={{ href: '/sign-in', label: 'Ask for a new link' }}>
        Some mail programs cut long links. Ask for a new one, and copy it whole.
      </Notice>
    );
  }
  return (
    <>
      <PageHeader title="Almost there" lead={<>You are signing in as {email}.</>} />
      <form action="/api/auth/callback/email" method="get">
        <input type="hidden" name="email" value={email} />
        <input type="hidden" name="token" value={token} />
        <input
          type="hidden"
          name="callbackUrl"
          value={safeReturnPath(typeof returnTo === 'string' ? returnTo : null)}
        />
        <SubmitButton pendingLabel="Signing in…" isWide>
          Sign in
        </SubmitButton>
      </form>
    </>
  );
}
