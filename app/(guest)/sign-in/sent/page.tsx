import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { TextLink } from '#components/ui/text-link';
import { safeReturnPath } from '#lib/auth/return-path';
import { LINK_LIFE_MINUTES } from '#lib/auth/sign-in-link';
import { env } from '#lib/env/env';

export const metadata: Metadata = { title: 'Check your mail' };

export default async function SentPage({ searchParams }: { searchParams: Promise<{ returnTo?: string | string[] }> }) {
  const { returnTo } = await searchParams;
  const back = `/sign-in?${new URLSearchParams({ returnTo: safeReturnPath(typeof returnTo === 'string' ? returnTo : null) })}`;
  const catcher = env().mail.catcherUrl;
  return (
    <>
      <PageHeader
        title="Check your mail"
        lead={`If the address can receive mail, a link is on its way. It works once, and for ${LINK_LIFE_MINUTES} minutes. You can close this page.`}
      />
      {catcher === null ? null : (
        <div className="mb-6">
          <LinkButton href={catcher}>Open the mail catcher</LinkButton>
        </div>
      )}
      <p className="text-soft">
        Nothing came? Look in the spam folder, or <TextLink href={back}>ask for another link</TextLink>.
      </p>
    </>
  );
}
