import type { Metadata } from 'next';
import { CodeForm } from '#components/ui/code-form';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { findPendingEmail } from '#lib/auth/confirm-email-change';
import { personContext, requireUser } from '#lib/auth/current-user';
import { requireFreshSignIn } from '#lib/auth/fresh-sign-in';
import { LINK_LIFE_MINUTES } from '#lib/auth/sign-in-link';
import { confirmEmailCodeAction } from './_actions.ts';
import { EmailForm } from './_email-form.tsx';

export const metadata: Metadata = { title: 'Change email address' };

export default async function ChangeEmailPage() {
  const ctx = await personContext('/account/email');
  const { email, sessionId } = await requireUser('/account/email');
  const pending = await findPendingEmail(ctx, { sessionId });
  // A change that was asked for after a fresh sign-in can be confirmed until its link expires.
  if (pending === null) await requireFreshSignIn('/account/email');
  return (
    <>
      <PageHeader
        title="Change email address"
        lead={`Your address is ${email}.`}
        back={{ href: '/account', label: 'Your account' }}
      />
      <div className="max-w-narrow space-y-12">
        {pending === null ? null : (
          <Section id="confirm" title="Confirm the new address">
            <div className="space-y-6">
              <Notice tone="note" title={`Check the mail of ${pending}`} role="status">
                Open the link in this browser within {LINK_LIFE_MINUTES} minutes. Until you confirm, nothing changes. In
                another browser or on another device, the link shows a code: type it here.
              </Notice>
              <CodeForm action={confirmEmailCodeAction} confirmLabel="Confirm address" pendingLabel="Confirming…" />
            </div>
          </Section>
        )}
        <Section
          id="new-address"
          title={pending === null ? 'New address' : 'Use another address'}
          lead="We send a link there to confirm it. Your old address gets a notice when the change is made."
        >
          <EmailForm />
        </Section>
      </div>
    </>
  );
}
