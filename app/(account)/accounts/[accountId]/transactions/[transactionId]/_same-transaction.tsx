import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { TextLink } from '#components/ui/text-link';
import type { TransactionDetail } from '#lib/accounts/get-transaction';
import type { JoinableLine } from '#lib/accounts/list-joins';
import { TransactionChoices } from '../../_transaction-choices.tsx';
import { detachNoteAction, splitAction } from './_actions.ts';

type SameTransactionProps = { transaction: TransactionDetail; joined: readonly JoinableLine[]; today: string };

/** Where the user says what is, and isn't, the same: two rows of one purchase, or a note on the wrong row. */
export function SameTransaction({ transaction, joined, today }: SameTransactionProps) {
  const { accountId, id, edit, isPending } = transaction;
  return (
    <Section id="same" title="Duplicates and misplaced notes">
      <Panel>
        <div className="space-y-5">
          {joined.length === 0 ? null : (
            <div className="space-y-2">
              <p className="font-medium">You joined these to this transaction. They are counted once.</p>
              <TransactionChoices
                lines={joined}
                actionOf={(line) => splitAction.bind(null, accountId, id, line.id)}
                label="Separate"
                pendingLabel="Separating…"
                today={today}
              />
            </div>
          )}
          {isPending ? null : (
            <p>
              <TextLink href={`/accounts/${accountId}/transactions/${id}/join`} kind="standalone">
                Join with another transaction
              </TextLink>
              <span className="block text-sm text-soft">If your bank sent one purchase twice.</span>
            </p>
          )}
          {edit === null ? null : (
            <form action={detachNoteAction.bind(null, accountId, id)}>
              <SubmitButton variant="secondary" size="sm" pendingLabel="Moving…">
                Move what I wrote to another transaction
              </SubmitButton>
              <p className="mt-1 text-sm text-soft">If your note or correction is about another purchase.</p>
            </form>
          )}
          {isPending && edit === null ? (
            <p className="text-soft">Once your bank has booked this transaction, you can join it with another one.</p>
          ) : null}
        </div>
      </Panel>
    </Section>
  );
}
