import { EmptyState } from '#components/ui/empty-state';
import { Pagination } from '#components/ui/pagination';
import { SubmitButton } from '#components/ui/submit-button';
import { TextInput } from '#components/ui/text-input';
import type { TransactionLine, TransactionPage } from '#lib/accounts/transaction-dto';
import { TransactionChoices } from './_transaction-choices.tsx';

type PickTransactionProps = {
  /** The page this stands on. */
  base: string;
  page: TransactionPage;
  search: string;
  isFirstPage: boolean;
  actionOf: (line: TransactionLine) => () => Promise<void>;
  label: string;
  pendingLabel: string;
};

/** All of an account's transactions, to search through and to choose one from. */
export function PickTransaction({ base, page, search, isFirstPage, ...choices }: PickTransactionProps) {
  const lines = [...page.pending, ...page.booked];
  const after = page.nextCursor;
  return (
    <div className="space-y-4">
      <search>
        <form method="get" action={base} className="flex items-end gap-3">
          <div className="flex-1">
            <TextInput
              id="q"
              name="q"
              type="search"
              label="Search transactions"
              defaultValue={search}
              maxLength={100}
            />
          </div>
          <SubmitButton variant="secondary" pendingLabel="Searching…">
            Search
          </SubmitButton>
        </form>
      </search>
      {lines.length === 0 ? (
        <EmptyState title="Nothing found" level={3} icon="search">
          {search === '' ? 'This account has no other transaction.' : `No transaction mentions “${search}”.`}
        </EmptyState>
      ) : (
        <TransactionChoices lines={lines} today={page.today} {...choices} />
      )}
      <Pagination
        label="Pages of transactions"
        previousHref={
          isFirstPage ? undefined : `${base}${search === '' ? '' : `?${new URLSearchParams({ q: search })}`}`
        }
        previousLabel="Newest"
        nextHref={
          after === null
            ? undefined
            : `${base}?${new URLSearchParams({ ...(search === '' ? {} : { q: search }), after })}`
        }
        nextLabel="Older"
      />
    </div>
  );
}
