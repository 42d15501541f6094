import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { ConfirmForm } from '#components/ui/confirm-form';
import { PageHeader } from '#components/ui/page-header';
import { findCurrentUser } from '#lib/auth/current-user';
import { safeReturnPath } from '#lib/auth/return-path';
import { isFresh } from '#lib/auth/session-life';
import { signInAgainAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Sign in again' };

/** Where a user is sent before something that needs a sign-in within the last 10 minutes. */
export default async function SignInAgainPage({
  searchParams,
}: {
  searchParams: Promise<{ returnTo?: string | string[] }>;
}) {
  const { returnTo: asked } = await searchParams;
  const returnTo = safeReturnPath(typeof asked === 'string' ? asked : null);
  const user = await findCurrentUser();
  if (user === null) redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
  if (isFresh(user.signedInAt)) redirect(returnTo);
  return (
    <>
      <PageHeader title="Sign in again to continue" lead={`You are signed in as ${user.email}.`} />
      <ConfirmForm
        action={signInAgainAction}
        values={{ returnTo }}
        confirmLabel="Sign in again"
        pendingLabel="Signing out…"
        cancel={{ href: '/', label: 'Cancel' }}
      >
        <p>
          You signed in more than 10 minutes ago. To protect your account, we ask you to sign in again before you do
          this. You then return to the page that you came from.
        </p>
      </ConfirmForm>
    </>
  );
}
