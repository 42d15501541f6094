import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { PageHeader } from '#components/ui/page-header';
import { SubmitButton } from '#components/ui/submit-button';
import { personContext } from '#lib/auth/current-user';
import { getConnection } from '#lib/connections/get-connection';
import { orNotFound } from '../../_or-not-found.ts';
import { answerAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Whose login was that?' };

/** Another login at the bank, or so it seems. Nothing is mixed before the person has said what it was. */
export default async function WhoPage({ params }: { params: Promise<{ connectionId: string }> }) {
  const { connectionId } = await params;
  const ctx = await personContext(`/connections/${connectionId}/who`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  if (!connection.hasQuestion) redirect(`/connections/${connectionId}`);
  const { bankName } = connection;
  return (
    <>
      <PageHeader
        title={`Was that another login at ${bankName}?`}
        lead={`The login used at ${bankName} this time doesn’t look like the one from before: it goes by another name, or opens other accounts. Either the bank has renamed them, or it was somebody else’s login. Nothing has been mixed, and what you shared before goes on.`}
        back={{ href: `/connections/${connectionId}`, label: bankName }}
      />
      <div className="grid max-w-narrow gap-4">
        <form action={answerAction.bind(null, connectionId, 'other')}>
          <SubmitButton variant="even" isWide pendingLabel="One moment…">
            It was another login. Keep things as they were
          </SubmitButton>
        </form>
        <form action={answerAction.bind(null, connectionId, 'same')}>
          <SubmitButton variant="even" isWide pendingLabel="One moment…">
            It is my usual login. Go on with it
          </SubmitButton>
        </form>
        <p className="text-soft">
          If it was another login of yours, you can link it as a connection of its own afterwards. Its permission from
          just now is given back.
        </p>
      </div>
    </>
  );
}
