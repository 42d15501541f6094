import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { TransactionList } from '#components/account/transaction-list';
import { DateText } from '#components/ui/date-text';
import { EmptyState } from '#components/ui/empty-state';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Pagination } from '#components/ui/pagination';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { TabLinks } from '#components/ui/tab-links';
import { getConnectionFile } from '#lib/admin/connection/get-connection';
import { listSharedTransactions, type SharedTransactions } from '#lib/admin/grants/list-shared';
import { adminContext, requireUser } from '#lib/auth/current-user';
import { signInAgainPath } from '#lib/auth/fresh-sign-in';
import { isFresh } from '#lib/auth/session-life';
import { AppError } from '#lib/errors/app-error';
import { toTransactionRow } from '../../../../../_words/transactions.ts';
import { refusalWords } from '../../../../_words/refusals.ts';
import { endGrantAction } from './_actions.ts';
import { GrantForm } from './_grant-form.tsx';

export const metadata: Metadata = { title: 'A person’s transactions' };

type Props = {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function SharedTransactionsPage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const path = `/admin/connections/${connectionId}/transactions`;
  const ctx = await adminContext(path);
  const { signedInAt } = await requireUser(path);
  const { account, after, refused } = await searchParams;
  const file = await orNotFound(getConnectionFile(ctx, { connectionId }));
  const shared = await orNull(
    listSharedTransactions(ctx, {
      connectionId,
      accountId: typeof account === 'string' ? account : undefined,
      cursor: typeof after === 'string' ? after : undefined,
    }),
  );
  return (
    <>
      <PageHeader
        title="Transactions"
        lead={`${file.email} at ${file.bank.name}`}
        back={{ href: `/admin/connections/${file.id}`, label: 'The connection' }}
      />
      {shared !== null ? (
        <Shared connectionId={file.id} shared={shared} now={ctx.clock.now()} />
      ) : isFresh(signedInAt) ? (
        <GrantForm connectionId={file.id} error={typeof refused === 'string' ? refusalWords(refused) : undefined} />
      ) : (
        <Notice
          tone="note"
          title="Sign in again to ask for support access"
          next={{ href: signInAgainPath(path), label: 'Sign in again' }}
        >
          You can see this person’s transactions only with support access, which needs a sign-in within the last 10
          minutes.
        </Notice>
      )}
    </>
  );
}

function Shared({ connectionId, shared, now }: { connectionId: string; shared: SharedTransactions; now: Date }) {
  const base = `/admin/connections/${connectionId}/transactions`;
  const { accounts, account, page } = shared;
  const next = page?.nextCursor;
  return (
    <div className="space-y-6">
      <Notice tone="caution" title="You see this by a leave of your own">
        <p>
          It ends <DateText at={shared.expiresAt} now={now} style="ago" />. The person was told, and each look is on
          record where they can read it.
        </p>
        <form action={endGrantAction.bind(null, connectionId, shared.grantId)} className="mt-3">
          <SubmitButton pendingLabel="Ending…" variant="secondary" size="sm">
            I have seen enough
          </SubmitButton>
        </form>
      </Notice>
      {accounts.length > 1 ? (
        <TabLinks
          label="Accounts"
          tabs={accounts.map(({ id, name }) => ({
            href: `${base}?${new URLSearchParams({ account: id })}`,
            label: name,
            isCurrent: id === account?.id,
          }))}
        />
      ) : null}
      {page === null || page.booked.length + page.pending.length === 0 ? (
        <EmptyState title="No transactions">Nothing has come for this account.</EmptyState>
      ) : (
        <Section id="transactions" title={account?.name ?? 'Transactions'}>
          <TransactionList
            pending={page.pending.map((line) => ({ ...toTransactionRow(line), href: undefined }))}
            booked={page.booked.map((line) => ({ ...toTransactionRow(line), href: undefined }))}
            today={page.today}
          />
        </Section>
      )}
      <Pagination
        label="Pages of transactions"
        nextHref={
          next == null || account === null
            ? undefined
            : `${base}?${new URLSearchParams({ account: account.id, after: next })}`
        }
        nextLabel="Older"
      />
    </div>
  );
}

async function orNotFound<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') notFound();
    throw error;
  });
}

/** Null without a leave. */
async function orNull(work: Promise<SharedTransactions>): Promise<SharedTransactions | null> {
  return orNotFound(
    work.catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'no_grant') return null;
      throw error;
    }),
  );
}
