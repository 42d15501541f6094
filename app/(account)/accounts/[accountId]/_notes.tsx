import { Notice } from '#components/ui/notice';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { SubmitButton } from '#components/ui/submit-button';
import { TextLink } from '#components/ui/text-link';
import type { UnattachedNote } from '#lib/accounts/list-unattached-notes';
import { toCount } from '#lib/format/count';
import { ownValue } from '#lib/format/own-value';
import { attachNoteAction, deleteNoteAction, undoNoteAction } from './_note-actions.ts';
import { NoteFacts } from './_note-facts.tsx';
import { TransactionChoices } from './_transaction-choices.tsx';

type NotesProps = {
  accountId: string;
  notes: readonly UnattachedNote[];
  /** How many there are, of which `notes` are the newest. */
  count: number;
  /** What came of the form that was just sent. */
  outcome: string | null;
  undoId: string | null;
  /** In the account's calendar. */
  today: string;
};

/** Notes whose transaction is gone, with what they may belong to. Nothing when there are none and nothing was done. */
export function Notes({ accountId, notes, count, outcome, undoId, today }: NotesProps) {
  if (notes.length === 0 && outcome === null) return null;
  return (
    <Section
      id="notes"
      title="Notes that need a transaction"
      lead={
        notes.length === 0
          ? undefined
          : 'The transactions you wrote these on have changed or are gone. Choose where each note belongs. If that transaction has a note, both are kept.'
      }
    >
      <div className="space-y-4">
        {outcome === null ? null : <NoteOutcome accountId={accountId} outcome={outcome} undoId={undoId} />}
        {notes.length === 0 ? <p className="text-soft">Every note has its transaction.</p> : null}
        {notes.map((note) => (
          <Panel key={note.id} labelledBy={`note-${note.id}`}>
            <h3 id={`note-${note.id}`} className="whitespace-pre-line font-semibold wrap-anywhere">
              {note.words.note === null ? 'Your corrections' : `“${note.words.note}”`}
            </h3>
            <NoteFacts note={note} today={today} />
            {note.candidates.length === 0 ? (
              <p className="mt-4 text-soft">We found no transaction like it.</p>
            ) : (
              <div className="mt-4 space-y-2">
                <p className="font-medium">Is it one of these?</p>
                <TransactionChoices
                  lines={note.candidates}
                  actionOf={(line) => attachNoteAction.bind(null, accountId, note.id, line.id)}
                  label="Attach to this transaction"
                  pendingLabel="Attaching…"
                  today={today}
                />
              </div>
            )}
            <div className="mt-4 flex flex-wrap items-center gap-x-6 gap-y-2">
              <TextLink href={`/accounts/${accountId}/notes/${note.id}`} kind="standalone">
                Choose another transaction
                <span className="sr-only">{` for ${spoken(note)}`}</span>
              </TextLink>
              <form action={deleteNoteAction.bind(null, accountId, note.id)}>
                <SubmitButton variant="secondary" size="sm" pendingLabel="Deleting…">
                  Delete note
                  <span className="sr-only">{` ${spoken(note)}`}</span>
                </SubmitButton>
              </form>
            </div>
          </Panel>
        ))}
        {count > notes.length ? (
          <p className="text-soft">{`${toCount(count - notes.length, 'more note')} will appear here as you go through these.`}</p>
        ) : null}
      </div>
    </Section>
  );
}

/** Tells the links and buttons of one note from those of the next. */
function spoken({ words, writtenOn }: UnattachedNote): string {
  return words.note === null ? `your corrections on ${writtenOn?.description ?? 'a transaction'}` : `“${words.note}”`;
}

type NoteOutcomeProps = { accountId: string; outcome: string; undoId: string | null };

export function NoteOutcome({ accountId, outcome, undoId }: NoteOutcomeProps) {
  const title = ownValue(DONE, outcome);
  if (title === undefined)
    return <Notice tone="caution" role="alert" title={ownValue(PROBLEMS, outcome) ?? OTHER_PROBLEM} />;
  return (
    <Notice tone="good" role="status" title={title}>
      {undoId === null ? null : (
        <form action={undoNoteAction.bind(null, accountId, undoId)} className="mt-2">
          <SubmitButton variant="secondary" size="sm" pendingLabel="Undoing…">
            Undo
          </SubmitButton>
        </form>
      )}
    </Notice>
  );
}

const DONE: Readonly<Record<string, string>> = {
  attached: 'Note attached',
  deleted: 'Note deleted',
  detached: 'The note is no longer on that transaction',
  undone: 'Undone',
};

const PROBLEMS: Readonly<Record<string, string>> = {
  note_not_found: 'That note has a transaction already, or has been deleted',
  transaction_not_found: 'Your bank has replaced that transaction. Choose another one',
  note_too_long: 'The two notes together are too long. Shorten one of them first',
  changed_since: 'It has changed since and can’t be undone',
  undo_step_not_found: 'That can’t be undone any more',
  already_undone: 'That has been undone already',
};
const OTHER_PROBLEM = 'That couldn’t be saved. Try again';
