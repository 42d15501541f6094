import { TransactionList } from '#components/account/transaction-list';
import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';
import { Pagination } from '#components/ui/pagination';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import type { AccountDetail } from '#lib/accounts/dto';
import type { TransactionPage } from '#lib/accounts/transaction-dto';
import { toFullDay } from '#lib/format/day';
import { toTransactionRow } from '../../../_words/transactions.ts';

type TransactionsProps = {
  account: AccountDetail;
  page: TransactionPage;
  search: string;
  isFirstPage: boolean;
};

export function Transactions({ account, page, search, isFirstPage }: TransactionsProps) {
  const isEmpty = page.booked.length === 0 && page.pending.length === 0;
  const base = `/accounts/${account.id}`;
  const next =
    page.nextCursor === null
      ? undefined
      : `${base}?${new URLSearchParams({ ...(search === '' ? {} : { q: search }), after: page.nextCursor })}#transactions`;
  return (
    <Section
      id="transactions"
      title="Transactions"
      lead={coverage(account)}
      actions={
        isEmpty && search === '' ? undefined : (
          <div className="flex flex-wrap gap-3">
            <LinkButton href={`${base}/export`} variant="secondary" size="sm" icon="download" isPlain>
              Download all as CSV
            </LinkButton>
            {page.pending.length === 0 ? null : (
              <LinkButton href={`${base}/export?pending=true`} variant="quiet" size="sm" isPlain>
                With pending transactions
              </LinkButton>
            )}
          </div>
        )
      }
    >
      <search>
        <form method="get" action={base} className="mb-6 flex items-end gap-3">
          <div className="flex-1">
            <TextInput
              id="q"
              name="q"
              type="search"
              label="Search transactions"
              defaultValue={search}
              isLabelHidden
              placeholder="Search by name, shop or note"
              maxLength={100}
            />
          </div>
          <SubmitButton variant="secondary" pendingLabel="Searching…">
            Search
          </SubmitButton>
        </form>
      </search>
      {isEmpty ? (
        <Nothing search={search} base={base} isFetched={account.coveredTo !== null} />
      ) : (
        <TransactionList
          pending={page.pending.map(toTransactionRow)}
          booked={page.booked.map(toTransactionRow)}
          today={page.today}
        />
      )}
      <div className="mt-6">
        <Pagination
          label="Pages of transactions"
          previousHref={isFirstPage || search !== '' ? undefined : `${base}#transactions`}
          previousLabel="Newest"
          nextHref={next}
          nextLabel="Older"
        />
      </div>
    </Section>
  );
}

function Nothing({ search, base, isFetched }: { search: string; base: string; isFetched: boolean }) {
  if (search !== '') {
    return (
      <EmptyState
        title="Nothing found"
        level={3}
        icon="search"
        action={
          <LinkButton href={base} variant="secondary">
            Show all
          </LinkButton>
        }
      >
        {`No transaction mentions “${search}”.`}
      </EmptyState>
    );
  }
  return (
    <EmptyState title={isFetched ? 'No transactions' : 'None have arrived yet'} level={3} icon="accounts">
      {isFetched
        ? 'Your bank says that there are none in this account.'
        : 'We are still waiting for your bank. Look again in a minute, or refresh now.'}
    </EmptyState>
  );
}

function coverage(account: AccountDetail): string | undefined {
  const { coveredFrom, gaps } = account;
  if (coveredFrom === null) return undefined;
  const span = `${gaps.length === 0 ? 'Complete' : 'All but a few days'} from ${toFullDay(coveredFrom)}.`;
  return account.historyLimitCode === null ? span : `${span} Your bank gave us nothing before that.`;
}
