import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { BankHeading } from '#components/bank/bank-heading';
import { PageHeader } from '#components/ui/page-header';
import { personContext } from '#lib/auth/current-user';
import { getBank } from '#lib/banks/get-bank';
import { offerConsent } from '#lib/connections/consent-offer';
import { listDeclinedBefore } from '#lib/connections/find-unfinished';
import { listLoginsAt } from '#lib/connections/list-known-banks';
import { noteView } from '#lib/connections/note-view';
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
  const bank = await getBank(ctx, bankId).catch((error: unknown) => {
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
      <Offer
        offer={offer}
        action={agreeAction.bind(null, bank.id)}
        declinedBefore={await listDeclinedBefore(ctx, textOf(again))}
      />
    </>
  );
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
