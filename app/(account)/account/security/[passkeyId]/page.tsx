import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Checkbox } from '#components/ui/checkbox';
import { ConfirmForm } from '#components/ui/confirm-form';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import { personContext } from '#lib/auth/current-user';
import { MAX_PASSKEY_NAME_LENGTH } from '#lib/auth/passkeys/passkey-name';
import { getPasskey } from '#lib/auth/passkeys/passkeys';
import { AppError } from '#lib/errors/app-error';
import { removePasskeyAction, renamePasskeyAction } from '../_actions.ts';

export const metadata: Metadata = { title: 'Passkey' };

type PasskeyPageProps = {
  params: Promise<{ passkeyId: string }>;
  searchParams: Promise<{ problem?: string | string[] }>;
};

export default async function PasskeyPage({ params, searchParams }: PasskeyPageProps) {
  const { passkeyId } = await params;
  const ctx = await personContext(`/account/security/${encodeURIComponent(passkeyId)}`);
  const passkey = await getPasskey(ctx, { passkeyId }).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') notFound();
    throw error;
  });
  const { problem } = await searchParams;
  return (
    <>
      <PageHeader title={passkey.name} back={{ href: '/account/security', label: 'Passkeys' }} />
      <div className="max-w-narrow space-y-12">
        {problem === 'last_passkey_of_admin' ? (
          <Notice tone="danger" title="Admins need a passkey" role="alert">
            This is your only one. Add another passkey before you remove it.
          </Notice>
        ) : null}
        <Section id="rename" title="Rename">
          <form action={renamePasskeyAction.bind(null, passkey.id)} className="space-y-5" noValidate>
            <TextInput
              id="name"
              name="name"
              label="Name"
              defaultValue={passkey.name}
              maxLength={MAX_PASSKEY_NAME_LENGTH}
              width="medium"
              autoComplete="off"
              isRequired
              error={
                problem === 'name_invalid' ? `Enter a name with 1 to ${MAX_PASSKEY_NAME_LENGTH} characters.` : undefined
              }
            />
            <SubmitButton variant="secondary" pendingLabel="Saving…">
              Save name
            </SubmitButton>
          </form>
        </Section>
        <Section
          id="remove"
          title="Remove"
          lead="You can’t sign in with it any more, and you are signed out on your other devices. If it is your only passkey, signing in needs only your email again, and your recovery codes stop working."
        >
          <ConfirmForm
            action={removePasskeyAction.bind(null, passkey.id)}
            confirmLabel="Remove passkey"
            pendingLabel="Removing…"
            variant="danger"
            cancel={{ href: '/account/security', label: 'Cancel' }}
          >
            <Checkbox
              id="sure"
              name="sure"
              isRequired
              label="Remove this passkey"
              error={problem === 'sure' ? 'Tick this if you are sure.' : undefined}
            />
          </ConfirmForm>
        </Section>
      </div>
    </>
  );
}
