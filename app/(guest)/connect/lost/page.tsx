import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { findCurrentUser } from '#lib/auth/current-user';
import { isReference } from '#lib/connections/attempt';
import { isLostReason, LOST_WORDS } from '../../../_words/lost-returns.ts';

export const metadata: Metadata = { title: 'This return doesn’t fit' };

type SearchParams = Promise<{ reason?: string | string[]; reference?: string | string[] }>;

/** A return from a bank that belongs to no trip of this person: forged, incomplete, or somebody else's. */
export default async function LostPage({ searchParams }: { searchParams: SearchParams }) {
  const { reason, reference } = await searchParams;
  const words = LOST_WORDS[isLostReason(reason) ? reason : 'unknown_state'];
  // This page must be shown also when what broke is the database.
  const user = await findCurrentUser().catch(() => null);
  return (
    <>
      <PageHeader title={words.title} />
      <Notice
        tone={words.tone}
        title={reason === 'broken' ? 'What happened' : 'Nothing of yours is affected'}
        reference={isReference(reference) ? reference : undefined}
      >
        <p>{words.text}</p>
        {reason === 'not_yours' && user !== null ? <p className="mt-2">You are signed in as {user.email}.</p> : null}
      </Notice>
      <div className="mt-8 flex flex-wrap gap-3">
        <LinkButton href={user === null ? '/sign-in?returnTo=%2Fconnect' : '/connect'}>Link a bank</LinkButton>
        {user === null ? null : (
          <LinkButton href="/accounts" variant="secondary">
            See your accounts
          </LinkButton>
        )}
      </div>
    </>
  );
}
