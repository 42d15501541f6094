import type { Metadata } from 'next';
import { CodeForm } from '#components/ui/code-form';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { TextLink } from '#components/ui/text-link';
import { safeReturnPath } from '#lib/auth/return-path';
import { LINK_LIFE_MINUTES } from '#lib/auth/sign-in-link';
import { env } from '#lib/env/env';
import { confirmCodeAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Check your mail' };

export default async function SentPage({ searchParams }: { searchParams: Promise<{ returnTo?: string | string[] }> }) {
  const { returnTo: sent } = await searchParams;
  const returnTo = safeReturnPath(typeof sent === 'string' ? sent : null);
  const catcher = env().mail.catcherUrl;
  return (
    <>
      <PageHeader
        title="Check your mail"
        lead={`If the address can receive mail, a link is on its way. Open it in this browser. It works once, and for ${LINK_LIFE_MINUTES} minutes.`}
      />
      {catcher === null ? null : (
        <div className="mb-8">
          <LinkButton href={catcher}>Open the mail catcher</LinkButton>
        </div>
      )}
      <Section
        id="other-browser"
        title="Opened it somewhere else?"
        lead="In another browser or on another device, the link shows a code. Keep this page open and type the code here."
      >
        <CodeForm action={confirmCodeAction} values={{ returnTo }} confirmLabel="Sign in" pendingLabel="Signing in…" />
      </Section>
      <p className="mt-10 text-soft">
        Nothing came? Look in the spam folder, or{' '}
        <TextLink href={`/sign-in?${new URLSearchParams({ returnTo })}`}>ask for another link</TextLink>.
      </p>
    </>
  );
}
