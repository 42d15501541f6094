import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { BankHeading } from '#components/bank/bank-heading';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import type { AccountDetail } from '#lib/accounts/dto';
import { getAccountSettings } from '#lib/accounts/settings/get-account-settings';
import { MAX_NAME_LENGTH } from '#lib/accounts/settings/rename-account';
import { personContext } from '#lib/auth/current-user';
import { accountKind } from '../../../../_words/accounts.ts';
import { orNotFound } from '../../../connections/_or-not-found.ts';
import { hideAction, renameAction, resetNameAction, stopSyncAction } from './_actions.ts';
import { Outcome } from './_outcome.tsx';
import { SameAccount } from './_same-account.tsx';

export const metadata: Metadata = { title: 'Account settings' };

type Props = {
  params: Promise<{ accountId: string }>;
  searchParams: Promise<Partial<Record<'did' | 'problem', string | string[]>>>;
};

export default async function AccountSettingsPage({ params, searchParams }: Props) {
  const { accountId } = await params;
  const ctx = await personContext(`/accounts/${accountId}/settings`);
  const { did, problem } = await searchParams;
  const settings = await orNotFound(getAccountSettings(ctx, { accountId }));
  const { account } = settings;
  if (account.joinedIntoId !== null) redirect(`/accounts/${account.joinedIntoId}/settings`);
  return (
    <>
      <PageHeader
        title="Account settings"
        above={
          <BankHeading
            bank={{ id: account.bankId, name: account.bankName }}
            note={`${account.name}, ${accountKind(account).toLowerCase()}`}
            size="sm"
          />
        }
        back={{ href: `/accounts/${account.id}`, label: account.name }}
      />
      <div className="max-w-2xl space-y-12">
        <Outcome did={typeof did === 'string' ? did : null} problem={typeof problem === 'string' ? problem : null} />
        <NameSection account={account} />
        <ListsSection account={account} />
        <SyncSection account={account} />
        <SameAccount {...settings} />
      </div>
    </>
  );
}

function NameSection({ account }: { account: AccountDetail }) {
  const { id, name, nameAtBank } = account;
  return (
    <Section id="name" title="Name">
      <Panel>
        <form action={renameAction.bind(null, id)} className="space-y-5">
          <TextInput
            // What was typed before the name was reset doesn't stay in the field.
            key={name}
            id="account-name"
            name="name"
            label="Your name for this account"
            hint={nameAtBank === null ? 'This is your bank’s name for it.' : `Your bank calls it “${nameAtBank}”.`}
            defaultValue={name}
            maxLength={MAX_NAME_LENGTH}
            autoComplete="off"
          />
          <div>
            <SubmitButton pendingLabel="Saving…">Save name</SubmitButton>
          </div>
        </form>
        {nameAtBank === null ? null : (
          <form action={resetNameAction.bind(null, id)} className="mt-3">
            <SubmitButton variant="quiet" pendingLabel="Saving…">
              Use your bank’s name
            </SubmitButton>
          </form>
        )}
      </Panel>
    </Section>
  );
}

function ListsSection({ account: { id, hiddenAt } }: { account: AccountDetail }) {
  const isHidden = hiddenAt !== null;
  return (
    <Section
      id="lists"
      title="Lists and totals"
      lead={
        isHidden
          ? 'This account is hidden: it is not in your lists, totals and spending. It is still synced.'
          : 'Hide this account to leave it out of your lists, totals and spending. It is still synced, and you can show it again.'
      }
    >
      <form action={hideAction.bind(null, id, !isHidden)}>
        <SubmitButton variant="secondary" pendingLabel="Saving…">
          {isHidden ? 'Show this account' : 'Hide this account'}
        </SubmitButton>
      </form>
    </Section>
  );
}

function SyncSection({ account: { id, bankName, syncStoppedAt } }: { account: AccountDetail }) {
  const isStopped = syncStoppedAt !== null;
  return (
    <Section
      id="sync"
      title="Syncing"
      lead={
        isStopped
          ? `We don’t ask ${bankName} about this account. What we have stays here.`
          : `Stop syncing to have us no longer ask ${bankName} about this account. What we have stays here, and you can resume at any time. The bank still lists the account when we update your other accounts; to end that, stop sharing with the bank.`
      }
    >
      <form action={stopSyncAction.bind(null, id, !isStopped)}>
        <SubmitButton variant="secondary" pendingLabel="Saving…">
          {isStopped ? 'Resume syncing' : 'Stop syncing'}
        </SubmitButton>
      </form>
    </Section>
  );
}
