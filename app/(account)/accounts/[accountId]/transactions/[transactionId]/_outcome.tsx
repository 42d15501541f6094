import { ErrorSummary } from '#components/ui/error-summary';
import { Notice } from '#components/ui/notice';
import { SubmitButton } from '#components/ui/submit-button';
import type { TransactionDetail } from '#lib/accounts/get-transaction';
import { ownValue } from '#lib/format/own-value';
import { undoAction } from './_actions.ts';

type OutcomeProps = {
  transaction: TransactionDetail;
  /** How to take it back. */
  saved: string | null;
  /** What was done, where it is not a correction. */
  what: string | null;
  isUndone: boolean;
  problem: string | null;
};

/** What came of the form that was just sent. */
export function Outcome({ transaction, saved, what, isUndone, problem }: OutcomeProps) {
  if (problem !== null) {
    const field = ownValue(FIELDS, problem);
    if (field === undefined)
      return <Notice tone="caution" role="alert" title={ownValue(PROBLEMS, problem) ?? OTHER_PROBLEM} />;
    return <ErrorSummary errors={[field]} />;
  }
  if (isUndone) return <Notice tone="good" role="status" title="Undone: it is as it was before" />;
  if (saved === null) return null;
  return (
    <Notice tone="good" role="status" title={ownValue(DONE, what ?? '') ?? 'Saved'}>
      <form action={undoAction.bind(null, transaction.accountId, transaction.id, saved)} className="mt-2">
        <SubmitButton variant="secondary" size="sm" pendingLabel="Undoing…">
          Undo
        </SubmitButton>
      </form>
    </Notice>
  );
}

const DONE: Readonly<Record<string, string>> = {
  joined: 'Joined: the two are one transaction now',
  separated: 'Separated: they are two transactions again',
};

const FIELDS: Readonly<Record<string, { fieldId: string; message: string }>> = {
  name: { fieldId: 'name', message: 'The name can have up to 80 characters' },
  category: { fieldId: 'category', message: 'Choose a category from the list' },
  note: { fieldId: 'note', message: 'The note can have up to 2,000 characters' },
};

const PROBLEMS: Readonly<Record<string, string>> = {
  undo_step_not_found: 'That can’t be undone any more',
  already_undone: 'That has been undone already',
  transaction_not_found: 'It has been replaced by your bank meanwhile',
  changed_since: 'It has changed since and can’t be undone',
  already_joined: 'The two are joined already',
  too_many_joined: 'No more than 10 transactions can be joined',
  note_too_long: 'The two notes together are too long. Shorten one of them first',
  join_not_found: 'The two are not joined',
  note_not_found: 'There is nothing written on this transaction',
};
const OTHER_PROBLEM = 'That couldn’t be saved';
