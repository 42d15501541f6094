import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { UsePasskeyButton } from '#components/passkeys/use-passkey-button';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { findSession } from '#lib/auth/current-user';
import { safeReturnPath } from '#lib/auth/return-path';
import { SignOutForm } from '../../../_sign-out-form.tsx';
import { beginAssertionAction, verifyPasskeyAction } from '../_passkey-actions.ts';
import { RecoveryForm } from './_recovery-form.tsx';

export const metadata: Metadata = { title: 'Use your passkey' };

/** The second step of signing in, for users who have a passkey. Nothing else works before it. */
export default async function SecondFactorPage({
  searchParams,
}: {
  searchParams: Promise<{ returnTo?: string | string[] }>;
}) {
  const { returnTo: asked } = await searchParams;
  const returnTo = safeReturnPath(typeof asked === 'string' ? asked : null);
  const session = await findSession();
  if (session === null) redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
  if (!session.isIncomplete) redirect(returnTo);
  return (
    <>
      <PageHeader title="Use your passkey" lead={`One more step to sign in as ${session.email}.`} />
      <div className="space-y-10">
        <UsePasskeyButton begin={beginAssertionAction} finish={verifyPasskeyAction.bind(null, returnTo)} />
        <Section id="recovery" title="If you can’t use your passkey">
          <RecoveryForm returnTo={returnTo} />
        </Section>
        <SignOutForm />
      </div>
    </>
  );
}
