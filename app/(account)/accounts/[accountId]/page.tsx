import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { BankHeading } from '#components/bank/bank-heading';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { getAccount } from '#lib/accounts/get-account';
import { listBalances } from '#lib/accounts/list-balances';
import { listHolders } from '#lib/accounts/list-holders';
import { listPairingQuestions } from '#lib/accounts/list-pairing-questions';
import { listPayments } from '#lib/accounts/list-payments';
import { listRecurring } from '#lib/accounts/list-recurring';
import { listTransactions } from '#lib/accounts/list-transactions';
import { listUnattachedNotes } from '#lib/accounts/list-unattached-notes';
import { personContext } from '#lib/auth/current-user';
import { faultsOfAccount, listFaults, NO_FAULTS } from '#lib/connections/faults/list-faults';
import type { Context } from '#lib/context/context';
import { explainNextUpdate } from '#lib/sync/explain-next-update';
import { dayIn } from '#lib/time/calendar';
import { accountKind } from '../../../_words/accounts.ts';
import { orNotFound } from '../../connections/_or-not-found.ts';
import { PairingQuestions } from '../_pairing-questions.tsx';
import { Balance } from './_balance.tsx';
import { BalanceChart } from './_balance-chart.tsx';
import { AccountFaults } from './_faults.tsx';
import { Holders } from './_holders.tsx';
import { Missing } from './_missing.tsx';
import { Notes } from './_notes.tsx';
import { RecurringPayments } from './_recurring.tsx';
import { RegularPaymentsList } from './_regular-payments.tsx';
import { Transactions } from './_transactions.tsx';

export const metadata: Metadata = { title: 'Account' };

type Query = Partial<Record<'q' | 'after' | 'refreshed' | 'pairing' | 'notes' | 'undo', string | string[]>>;
type Props = { params: Promise<{ accountId: string }>; searchParams: Promise<Query> };

export default async function AccountPage({ params, searchParams }: Props) {
  const { accountId } = await params;
  const ctx = await personContext(`/accounts/${accountId}`);
  const { q, after, refreshed, pairing, notes, undo } = await searchParams;
  const search = typeof q === 'string' ? q.slice(0, 100) : '';
  const cursor = typeof after === 'string' ? after : undefined;
  const isFirstPage = cursor === undefined && search === '';
  const [account, page] = await orNotFound(
    Promise.all([getAccount(ctx, { accountId }), listTransactions(ctx, { accountId, cursor, search })]),
  );
  if (account.joinedIntoId !== null) redirect(`/accounts/${account.joinedIntoId}`);
  const { connectionId } = account;
  const [next, around, questions, allFaults, unattached] = await Promise.all([
    explainNextUpdate(ctx, { connectionId, accountId }),
    isFirstPage ? loadAround(ctx, accountId, connectionId) : null,
    listPairingQuestions(ctx, { connectionId }),
    listFaults(ctx, { connectionId }),
    listUnattachedNotes(ctx, { accountId }),
  ]);
  const now = ctx.clock.now();
  const faults = faultsOfAccount(allFaults.get(connectionId) ?? NO_FAULTS, accountId);
  return (
    <>
      <PageHeader
        title={account.name.trim()}
        above={
          <BankHeading bank={{ id: account.bankId, name: account.bankName }} note={accountKind(account)} size="sm" />
        }
        back={{ href: '/accounts', label: 'Accounts' }}
        actions={
          <LinkButton href={`/accounts/${account.id}/settings`} variant="secondary">
            Account settings
          </LinkButton>
        }
      />
      <div className="space-y-12">
        <div className="space-y-6">
          <Balance
            account={account}
            next={next}
            refreshed={typeof refreshed === 'string' ? refreshed : null}
            now={now}
          />
          {account.syncStoppedAt === null ? null : (
            <Notice
              tone="note"
              title="You stopped syncing this account"
              next={{ href: `/accounts/${account.id}/settings#sync`, label: 'Resume syncing' }}
            >
              <p>We don’t ask your bank about it. What we have stays here.</p>
            </Notice>
          )}
          <PairingQuestions
            questions={questions.filter((question) => question.account.id === accountId)}
            outcome={typeof pairing === 'string' ? pairing : null}
          />
          <AccountFaults account={account} faults={faults} now={now} />
          <Missing account={account} faults={faults} />
        </div>
        {around !== null && around.balances.length > 1 ? (
          <BalanceChart points={around.balances} isCard={account.kind === 'card'} zone={account.zone} />
        ) : null}
        <Notes
          accountId={accountId}
          {...unattached}
          outcome={typeof notes === 'string' ? notes : null}
          undoId={typeof undo === 'string' ? undo : null}
          today={page.today}
        />
        <Transactions account={account} page={page} search={search} isFirstPage={isFirstPage} />
        {around === null ? null : (
          <>
            <RecurringPayments accountId={accountId} lines={around.recurring} today={dayIn(account.zone, now)} />
            <RegularPaymentsList payments={around.payments} now={now} zone={account.zone} />
            <Holders holders={around.holders} bankName={account.bankName} />
          </>
        )}
      </div>
    </>
  );
}

/** What stands around the list on its first page only. */
async function loadAround(ctx: Context, accountId: string, connectionId: string) {
  const [balances, payments, recurring, holders] = await Promise.all([
    listBalances(ctx, { accountId }),
    listPayments(ctx, { accountId }),
    listRecurring(ctx, { accountId }),
    listHolders(ctx, { connectionId }),
  ]);
  return { balances, payments, recurring, holders };
}
