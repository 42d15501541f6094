import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { RadioCards } from '#components/ui/radio-cards';
import { SubmitButton } from '#components/ui/submit-button';
import { personContext } from '#lib/auth/current-user';
import { getConnection, isRenewable } from '#lib/connections/get-connection';
import { orNotFound } from '../../_or-not-found.ts';

export const metadata: Metadata = { title: 'Stop sharing' };

type Props = { params: Promise<{ connectionId: string }>; searchParams: Promise<{ problem?: string | string[] }> };

/** The first of two steps: which of the three it shall be. Nothing is done here, so it is asked by GET. */
export default async function StopPage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const ctx = await personContext(`/connections/${connectionId}/stop`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  const { bankName } = connection;
  const back = { href: `/connections/${connectionId}`, label: bankName };
  if (!isRenewable(connection)) {
    return (
      <>
        <PageHeader title={`Stop sharing ${bankName}`} back={back} />
        <Notice
          tone="note"
          title="You have stopped this already"
          next={{ href: back.href, label: 'See how it stands' }}
        >
          Nothing is fetched from {bankName} any more.
        </Notice>
      </>
    );
  }
  const { problem } = await searchParams;
  return (
    <>
      <PageHeader
        title={`Stop sharing ${bankName}`}
        lead="Whichever you choose, nothing more is fetched from the second in which you confirm it on the next page."
        back={back}
      />
      <form action={`/connections/${connectionId}/stop/confirm`} method="get" className="max-w-narrow space-y-8">
        <RadioCards
          id="choice"
          name="choice"
          legend="What should happen to what was fetched until now?"
          isRequired
          error={problem === undefined ? undefined : 'Choose one of the three.'}
          options={[
            {
              value: 'keep',
              title: 'Stop, and keep what was fetched',
              description:
                'Accounts and transactions stay here to look at, as they are today. You can erase them later.',
            },
            {
              value: 'erase',
              title: 'Stop, and erase what was fetched',
              description: `Everything that ${bankName} told us is removed for good. Only a record stays that you shared, and stopped.`,
            },
            {
              value: 'download',
              title: 'Save a copy first, then stop and erase',
              description: 'You get everything as a file, and erase when you have it.',
            },
          ]}
        />
        <div className="flex flex-wrap gap-3 max-sm:flex-col">
          <SubmitButton pendingLabel="One moment…">Continue</SubmitButton>
          <LinkButton href={back.href} variant="secondary">
            Go on sharing
          </LinkButton>
        </div>
      </form>
    </>
  );
}
