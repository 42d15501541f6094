import { ErrorSummary } from '#components/ui/error-summary';
import { Notice } from '#components/ui/notice';
import { SubmitButton } from '#components/ui/submit-button';
import type { TransactionDetail } from '#lib/accounts/get-transaction';
import { undoAction } from './_actions.ts';

type OutcomeProps = {
  transaction: TransactionDetail;
  /** How to take it back. */
  saved: string | null;
  isUndone: boolean;
  problem: string | null;
};

/** What came of the form that was just sent. */
export function Outcome({ transaction, saved, isUndone, problem }: OutcomeProps) {
  if (problem !== null) {
    const field = FIELDS[problem];
    if (field === undefined) return <Notice tone="caution" role="alert" title={PROBLEMS[problem] ?? OTHER_PROBLEM} />;
    return <ErrorSummary errors={[field]} />;
  }
  if (isUndone) return <Notice tone="good" role="status" title="Undone: it is as it was before" />;
  if (saved === null) return null;
  return (
    <Notice tone="good" role="status" title="Saved">
      <form action={undoAction.bind(null, transaction.accountId, transaction.id, saved)} className="mt-2">
        <SubmitButton variant="secondary" size="sm" pendingLabel="Undoing…">
          Undo
        </SubmitButton>
      </form>
    </Notice>
  );
}

const FIELDS: Readonly<Record<string, { fieldId: string; message: string }>> = {
  name: { fieldId: 'name', message: 'The name can have up to 80 characters' },
  category: { fieldId: 'category', message: 'Choose a category from the list' },
  note: { fieldId: 'note', message: 'The note can have up to 500 characters' },
};

const PROBLEMS: Readonly<Record<string, string>> = {
  undo_step_not_found: 'That can’t be undone any more',
  already_undone: 'That has been undone already',
  transaction_not_found: 'It has been replaced by your bank meanwhile',
};
const OTHER_PROBLEM = 'That couldn’t be saved';
