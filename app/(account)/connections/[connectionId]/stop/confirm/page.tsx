import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Checkbox } from '#components/ui/checkbox';
import { ConfirmForm } from '#components/ui/confirm-form';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { personContext } from '#lib/auth/current-user';
import { getConnection, isRenewable } from '#lib/connections/get-connection';
import { stopWording } from '#lib/connections/wording/stop-wording';
import { env } from '#lib/env/env';
import { orNotFound } from '../../../_or-not-found.ts';
import { stopAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Stop sharing' };

type Props = {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<{ choice?: string | string[]; problem?: string | string[] }>;
};

/** The second step: exactly what happens, and the deliberate yes. */
export default async function ConfirmStopPage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const ctx = await personContext(`/connections/${connectionId}/stop`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  const { choice, problem } = await searchParams;
  const path = `/connections/${connectionId}/stop`;
  if (choice !== 'keep' && choice !== 'erase' && choice !== 'download') redirect(`${path}?problem=choice`);
  if (!isRenewable(connection)) redirect(path);
  const { bankName } = connection;
  const kind = choice === 'keep' ? 'keep' : 'erase';
  const wording = stopWording({ companyName: env().company.name, bankName, choice: kind });
  return (
    <>
      <PageHeader title={wording.heading} lead={wording.lead} back={{ href: path, label: 'Choose again' }} />
      <div className="max-w-narrow space-y-8">
        {choice === 'download' ? (
          <Panel labelledBy="copy-title">
            <h2 id="copy-title" className="font-semibold text-lg">
              First save your copy
            </h2>
            <p className="mt-1 mb-4">
              One file with the accounts, balances, transactions, your notes, and what you agreed to.
            </p>
            <LinkButton href={`/connections/${connectionId}/export`} variant="secondary" isPlain>
              Save my copy
            </LinkButton>
          </Panel>
        ) : null}
        <div>
          <h2 className="font-semibold text-lg">What happens</h2>
          <ul className="mt-3 list-disc space-y-2 pl-5">
            {[...wording.consequences, wording.next].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        <ConfirmForm
          action={stopAction.bind(null, connectionId, choice)}
          confirmLabel={kind === 'keep' ? `Stop sharing ${bankName}` : 'Stop and erase'}
          pendingLabel="Stopping…"
          variant="danger"
          cancel={{ href: `/connections/${connectionId}`, label: 'Go on sharing' }}
        >
          <Checkbox
            id="sure"
            name="sure"
            isRequired
            label={SURE[choice]}
            error={problem === undefined ? undefined : 'Tick this if you are sure.'}
          />
        </ConfirmForm>
      </div>
    </>
  );
}

const SURE = {
  keep: 'Yes, stop sharing and keep what was fetched',
  erase: 'Yes, stop sharing and erase everything. I know that it can’t be brought back',
  download: 'I have my copy. Stop sharing and erase everything here',
} as const;
