import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { ConfirmForm } from '#components/ui/confirm-form';
import { DefinitionList } from '#components/ui/definition-list';
import { PageHeader } from '#components/ui/page-header';
import { personContext } from '#lib/auth/current-user';
import { getConnection } from '#lib/connections/get-connection';
import { offerDifference } from '#lib/connections/start-change';
import { markOf } from '#lib/connections/words-mark';
import { AppError } from '#lib/errors/app-error';
import { ConsentTerms } from '../../../../_consent-terms.tsx';
import { orNotFound } from '../../../_or-not-found.ts';
import { changeAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Change what is shared' };

type Props = {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<{ want?: string | string[]; erase?: string | string[] }>;
};

/** The second step: what would be different, all that would be shared then, and the deliberate yes. */
export default async function ConfirmChangePage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const path = `/connections/${connectionId}`;
  const ctx = await personContext(`${path}/change`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  if (!connection.isRenewable) redirect(path);
  const { want = [], erase } = await searchParams;
  const wanted = [want].flat();
  const wish = { connectionId, wanted, erasesDropped: erase === '1' };
  const difference = await orNotFound(offerDifference(ctx, wish)).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'nothing_changes')
      redirect(`${path}/change?problem=nothing_changes`);
    throw error;
  });
  const { wording, isErasing } = difference;
  return (
    <>
      <PageHeader
        title={wording.heading}
        lead={wording.lead}
        back={{ href: `${path}/change`, label: 'Choose again' }}
      />
      <div className="space-y-10">
        <div className="max-w-narrow space-y-8">
          <DefinitionList
            items={wording.changes.map(({ title, lines }) => ({ term: title, value: lines.join(' ') }))}
          />
          <ConfirmForm
            action={changeAction.bind(null, connectionId, wanted, isErasing)}
            values={{ shown: markOf(wording) }}
            confirmLabel={`Allow and go to ${connection.bankName}`}
            pendingLabel={`Taking you to ${connection.bankName}…`}
            cancel={{ href: path, label: 'Leave it as it is' }}
            isEven
          />
        </div>
        <ConsentTerms wording={wording} canSeeTitle="What would be shared from then on" />
      </div>
    </>
  );
}
