import { Checkbox } from '#components/ui/checkbox';
import { Select } from '#components/ui/select';
import { SubmitButton } from '#components/ui/submit-button';
import { TextArea } from '#components/ui/text-area';
import { TextInput } from '#components/ui/text-input';
import { MAX_NOTE_LENGTH } from '#lib/accounts/combine-words';
import type { TransactionDetail } from '#lib/accounts/get-transaction';
import { isCategory } from '#lib/enrich/categories';
import { CATEGORY_OPTIONS } from '../../../../../_words/enrichment.ts';
import { correctAction, takeBackAction } from './_actions.ts';

/** A person's own words about a transaction. Works before scripts do. */
export function CorrectForm({ transaction }: { transaction: TransactionDetail }) {
  const { accountId, id, edit, rule } = transaction;
  const hasOwnWords = edit !== null && (edit.category ?? edit.merchantName ?? edit.isTransfer) !== null;
  return (
    <>
      <form action={correctAction.bind(null, accountId, id)} className="space-y-6">
        <TextInput id="name" name="name" label="Name" defaultValue={transaction.name} maxLength={80} />
        <Select
          id="category"
          name="category"
          label="Category"
          options={CATEGORY_OPTIONS}
          defaultValue={isCategory(transaction.category) ? transaction.category : 'other'}
        />
        <Checkbox
          id="always"
          name="always"
          label={`Do this for everything from ${transaction.worked.merchantName}`}
          hint="Name and category, for what has been and what will come."
        />
        <Select
          id="transfer"
          name="transfer"
          label="Did it only move between your own accounts?"
          options={[
            { value: 'ours', label: 'Let Linkwell work it out' },
            { value: 'yes', label: 'Yes, it is a transfer' },
            { value: 'no', label: 'No, it isn’t' },
          ]}
          defaultValue={edit?.isTransfer == null ? 'ours' : edit.isTransfer ? 'yes' : 'no'}
        />
        <TextArea
          id="note"
          name="note"
          label="Note"
          hint="Only you see it."
          defaultValue={transaction.note ?? ''}
          maxLength={MAX_NOTE_LENGTH}
          rows={2}
        />
        <div>
          <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
        </div>
      </form>
      {hasOwnWords || rule !== null ? (
        <div className="mt-7 flex flex-wrap gap-3 border-line border-t pt-6 max-sm:flex-col">
          {hasOwnWords ? (
            <TakeBack action={takeBackAction.bind(null, accountId, id, 'row')}>
              Leave this one to Linkwell again
            </TakeBack>
          ) : null}
          {rule === null ? null : (
            <TakeBack action={takeBackAction.bind(null, accountId, id, 'merchant')}>
              {`Stop doing this for everything from ${transaction.worked.merchantName}`}
            </TakeBack>
          )}
        </div>
      ) : null}
    </>
  );
}

function TakeBack({ action, children }: { action: () => Promise<void>; children: React.ReactNode }) {
  return (
    <form action={action}>
      <SubmitButton variant="secondary" size="sm" pendingLabel="Saving…">
        {children}
      </SubmitButton>
    </form>
  );
}
