import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Checkbox } from '#components/ui/checkbox';
import { ConfirmForm } from '#components/ui/confirm-form';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { personContext } from '#lib/auth/current-user';
import { getConnection } from '#lib/connections/get-connection';
import { isOver } from '#lib/connections/status';
import { orNotFound } from '../../_or-not-found.ts';
import { eraseAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Erase what was fetched' };

type Props = { params: Promise<{ connectionId: string }>; searchParams: Promise<{ problem?: string | string[] }> };

export default async function ErasePage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const ctx = await personContext(`/connections/${connectionId}/erase`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  const back = { href: `/connections/${connectionId}`, label: connection.bankName };
  if (!isOver(connection.status) || connection.erasedAt !== null) redirect(back.href);
  const { problem } = await searchParams;
  return (
    <>
      <PageHeader
        title="Erase what was fetched"
        lead={`Accounts, balances, transactions and your notes on them, and your name and address as ${connection.bankName} has them. It can’t be brought back.`}
        back={back}
      />
      <div className="max-w-narrow space-y-6">
        <LinkButton href={`/connections/${connectionId}/export`} variant="secondary" isPlain>
          Save a copy first
        </LinkButton>
        <ConfirmForm
          action={eraseAction.bind(null, connectionId)}
          confirmLabel="Erase"
          pendingLabel="Erasing…"
          variant="danger"
          cancel={{ href: back.href, label: 'Keep it' }}
        >
          <Checkbox
            id="sure"
            name="sure"
            isRequired
            label="Yes, erase everything"
            error={problem === undefined ? undefined : 'Tick this if you are sure.'}
          />
        </ConfirmForm>
      </div>
    </>
  );
}
