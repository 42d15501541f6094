import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { personContext, requireUser } from '#lib/auth/current-user';
import { deviceOf } from '#lib/auth/device';
import { signInAgainPath } from '#lib/auth/fresh-sign-in';
import { MAX_PASSKEYS } from '#lib/auth/passkeys/enrol-passkey';
import { MAX_PASSKEY_NAME_LENGTH } from '#lib/auth/passkeys/passkey-name';
import { getSecondFactor } from '#lib/auth/passkeys/passkeys';
import { isFresh } from '#lib/auth/session-life';
import { toCount } from '#lib/format/count';
import { AddPasskey } from './_add-passkey.tsx';
import { PasskeyList } from './_passkey-list.tsx';
import { ReplaceCodes } from './_replace-codes.tsx';

export const metadata: Metadata = { title: 'Passkeys' };

const PAGE = '/account/security';

type SearchParams = Promise<{ did?: string | string[]; required?: string | string[] }>;

export default async function SecurityPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await personContext(PAGE);
  const user = await requireUser(PAGE);
  const { passkeys, recoveryCodesLeft } = await getSecondFactor(ctx);
  const { did, required } = await searchParams;
  const canChange = isFresh(user.signedInAt);
  return (
    <>
      <PageHeader
        title="Passkeys"
        lead="With a passkey, signing in needs your email and your device: its fingerprint, face or PIN. Somebody who can read your email can’t sign in as you."
        back={{ href: '/account', label: 'Your account' }}
      />
      <div className="max-w-narrow space-y-12">
        {did === 'removed' ? <Notice tone="good" title="Passkey removed" role="status" /> : null}
        {did === 'renamed' ? <Notice tone="good" title="Passkey renamed" role="status" /> : null}
        {required === 'admin' && passkeys.length === 0 ? (
          <Notice tone="caution" title="Add a passkey to open the admin pages" role="status">
            Admins sign in with a passkey. Your own accounts work without one.
          </Notice>
        ) : null}
        <Section id="passkeys" title="Your passkeys">
          {/* Sessions and passkeys live on the machine's clock, not on the page's. */}
          <PasskeyList passkeys={passkeys} now={new Date()} />
        </Section>
        {canChange ? null : (
          <Notice
            tone="note"
            title="Sign in again to add a passkey or create recovery codes"
            next={{ href: signInAgainPath(PAGE), label: 'Sign in again' }}
          >
            You signed in more than 10 minutes ago.
          </Notice>
        )}
        {canChange && passkeys.length < MAX_PASSKEYS ? (
          <Section
            id="add"
            title="Add a passkey"
            lead={
              passkeys.length === 0
                ? 'You are signed out on your other devices, and need the passkey to sign in there again.'
                : undefined
            }
          >
            <AddPasskey
              suggestedName={deviceOf((await headers()).get('user-agent')) ?? 'My device'}
              maxNameLength={MAX_PASSKEY_NAME_LENGTH}
            />
          </Section>
        ) : null}
        {passkeys.length === 0 ? null : (
          <Section
            id="recovery-codes"
            title="Recovery codes"
            lead={`A recovery code signs you in once if you can’t use a passkey. You have ${toCount(recoveryCodesLeft, 'unused code')}.`}
          >
            {canChange ? <ReplaceCodes /> : null}
          </Section>
        )}
      </div>
    </>
  );
}
