import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { UsePasskeyButton } from '#components/passkeys/use-passkey-button';
import { ConfirmForm } from '#components/ui/confirm-form';
import { PageHeader } from '#components/ui/page-header';
import { requireUser } from '#lib/auth/current-user';
import { safeReturnPath } from '#lib/auth/return-path';
import { isFresh } from '#lib/auth/session-life';
import { beginAssertionAction, verifyPasskeyAction } from '../_passkey-actions.ts';
import { signInAgainAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Sign in again' };

const WHY =
  'You signed in more than 10 minutes ago. To protect your account, we ask you to sign in again before you do this.';

/** Where a user is sent before something that needs a sign-in within the last 10 minutes. */
export default async function SignInAgainPage({
  searchParams,
}: {
  searchParams: Promise<{ returnTo?: string | string[] }>;
}) {
  const { returnTo: asked } = await searchParams;
  const returnTo = safeReturnPath(typeof asked === 'string' ? asked : null);
  const user = await requireUser(returnTo);
  if (isFresh(user.signedInAt)) redirect(returnTo);
  return (
    <>
      <PageHeader title="Sign in again to continue" lead={`You are signed in as ${user.email}.`} />
      {user.hasPasskey ? (
        <div className="mb-10 space-y-6">
          <p>{WHY} Your passkey is enough.</p>
          <UsePasskeyButton begin={beginAssertionAction} finish={verifyPasskeyAction.bind(null, returnTo)} />
        </div>
      ) : null}
      <ConfirmForm
        action={signInAgainAction}
        values={{ returnTo }}
        confirmLabel={user.hasPasskey ? 'Sign out and sign in again' : 'Sign in again'}
        pendingLabel="Signing out…"
        variant={user.hasPasskey ? 'secondary' : 'primary'}
        cancel={{ href: '/', label: 'Cancel' }}
      >
        {user.hasPasskey ? null : <p>{WHY} You then return to the page that you came from.</p>}
      </ConfirmForm>
    </>
  );
}
