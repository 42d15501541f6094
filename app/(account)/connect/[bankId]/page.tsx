import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { BankHeading } from '#components/bank/bank-heading';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { personContext } from '#lib/auth/current-user';
import { offerConsent } from '#lib/connections/consent-offer';
import { listDeclinedBefore } from '#lib/connections/find-unfinished';
import { getLinkableBank } from '#lib/connections/linkable-bank';
import { listLoginsAt } from '#lib/connections/list-known-banks';
import { noteView } from '#lib/connections/note-view';
import { permissionName } from '#lib/connections/wording/groups';
import { NotFoundError } from '#lib/errors/app-error';
import { getSettings } from '#lib/settings/settings';
import { bankNote } from '../../../_words/bank-note.ts';
import { agreeAction } from '../_actions.ts';
import { deviceOf } from '../_device.ts';
import { LinkedAlready } from '../_linked-already.tsx';
import { Offer } from '../_offer.tsx';
import { StartProblem } from '../_start-problem.tsx';

export const metadata: Metadata = { title: 'What you share' };

type Props = {
  params: Promise<{ bankId: string }>;
  searchParams: Promise<Partial<Record<'problem' | 'reference' | 'again' | 'login', string | string[]>>>;
};

export default async function PermissionsPage({ params, searchParams }: Props) {
  const bankId = decodeURIComponent((await params).bankId);
  const ctx = await personContext(`/connect/${encodeURIComponent(bankId)}`);
  // There TrueLayer asks for the bank, whatever was chosen here.
  if ((await getSettings(ctx)).flow === 'dialog') redirect('/connect');
  const bank = await getLinkableBank(ctx, bankId).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  // TrueLayer files it under another id now.
  if (bank.id !== bankId) redirect(`/connect/${encodeURIComponent(bank.id)}`);
  const { problem, reference, again, login } = await searchParams;
  const logins = await listLoginsAt(ctx, bank.id);
  const above = <BankHeading bank={{ id: bank.id, name: bank.name }} note={bankNote(bank)?.words} />;
  const back = { href: '/connect', label: 'Another bank' };
  if (logins.length > 0 && login !== 'another') {
    return (
      <>
        <PageHeader
          title={`${bank.name} is linked already`}
          lead="What would you like to do?"
          above={above}
          back={back}
        />
        <LinkedAlready bank={{ id: bank.id, name: bank.name }} logins={logins} />
      </>
    );
  }
  await noteView(ctx, { step: 'permissions_viewed', bankId: bank.id, device: deviceOf(await headers()) });
  const offer = await offerConsent(ctx, bank);
  const { heading, lead } = offer.wording;
  return (
    <>
      <PageHeader title={heading} lead={lead} above={above} back={back} />
      <StartProblem problem={textOf(problem)} reference={textOf(reference)} />
      <NotOffered bankName={bank.name} permissions={bank.refusedPermissions} />
      <Offer
        offer={offer}
        action={agreeAction.bind(null, bank.id)}
        declinedBefore={await listDeclinedBefore(ctx, textOf(again))}
      />
    </>
  );
}

function NotOffered({ bankName, permissions }: { bankName: string; permissions: readonly string[] }) {
  if (permissions.length === 0) return null;
  return (
    <div className="mb-8">
      <Notice tone="note" title={`Not included: ${permissions.map(permissionName).join(', ').toLowerCase()}`}>
        TrueLayer, which connects us to {bankName}, does not accept this permission at the moment. Everything else
        works.
      </Notice>
    </div>
  );
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
