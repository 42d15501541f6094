import type { Metadata } from 'next';
import { PageHeader } from '#components/ui/page-header';
import { Section } from '#components/ui/section';
import { getTransaction } from '#lib/accounts/get-transaction';
import { listJoinable } from '#lib/accounts/list-joins';
import { listTransactions } from '#lib/accounts/list-transactions';
import { personContext } from '#lib/auth/current-user';
import { orNotFound } from '../../../../../connections/_or-not-found.ts';
import { PickTransaction } from '../../../_pick-transaction.tsx';
import { TransactionChoices } from '../../../_transaction-choices.tsx';
import { joinAction } from '../_actions.ts';

export const metadata: Metadata = { title: 'Join transactions' };

type Query = Partial<Record<'q' | 'after', string | string[]>>;
type Props = { params: Promise<{ accountId: string; transactionId: string }>; searchParams: Promise<Query> };

export default async function JoinPage({ params, searchParams }: Props) {
  const place = await params;
  const { accountId, transactionId } = place;
  const back = `/accounts/${accountId}/transactions/${transactionId}`;
  const base = `${back}/join`;
  const ctx = await personContext(base);
  const { q, after } = await searchParams;
  const search = typeof q === 'string' ? q.slice(0, 100) : '';
  const cursor = typeof after === 'string' ? after : undefined;
  const transaction = await orNotFound(getTransaction(ctx, place));
  const likely = await orNotFound(listJoinable(ctx, place));
  const page = await orNotFound(listTransactions(ctx, { accountId, search, cursor, limit: 30 }));
  const others = page.booked.filter(({ id }) => id !== transactionId);
  const choice = {
    actionOf: ({ id }: { id: string }) => joinAction.bind(null, accountId, transactionId, id),
    label: 'Join with this one',
    pendingLabel: 'Joining…',
  };
  return (
    <>
      <PageHeader
        title="Which one is the same transaction?"
        back={{ href: back, label: transaction.name }}
        lead={`You then see “${transaction.name}” once, with the notes of both. You can separate them again at any time.`}
      />
      <div className="space-y-8">
        {likely.length === 0 ? null : (
          <Section id="likely" title="Most likely">
            <TransactionChoices lines={likely} today={page.today} {...choice} />
          </Section>
        )}
        <Section id="all" title="All transactions of this account">
          <PickTransaction
            base={base}
            page={{ ...page, pending: [], booked: others }}
            search={search}
            isFirstPage={cursor === undefined}
            {...choice}
          />
        </Section>
      </div>
    </>
  );
}
