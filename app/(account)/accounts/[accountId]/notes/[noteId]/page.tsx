import type { Metadata } from 'next';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { Section } from '#components/ui/section';
import { listTransactions } from '#lib/accounts/list-transactions';
import { getUnattachedNote } from '#lib/accounts/list-unattached-notes';
import { personContext } from '#lib/auth/current-user';
import { orNotFound } from '../../../../connections/_or-not-found.ts';
import { attachNoteAction } from '../../_note-actions.ts';
import { NoteFacts } from '../../_note-facts.tsx';
import { NoteOutcome } from '../../_notes.tsx';
import { PickTransaction } from '../../_pick-transaction.tsx';

export const metadata: Metadata = { title: 'Choose a transaction' };

type Query = Partial<Record<'q' | 'after' | 'notes' | 'undo', string | string[]>>;
type Props = { params: Promise<{ accountId: string; noteId: string }>; searchParams: Promise<Query> };

export default async function NotePage({ params, searchParams }: Props) {
  const { accountId, noteId } = await params;
  const base = `/accounts/${accountId}/notes/${noteId}`;
  const ctx = await personContext(base);
  const { q, after, notes, undo } = await searchParams;
  const search = typeof q === 'string' ? q.slice(0, 100) : '';
  const cursor = typeof after === 'string' ? after : undefined;
  const note = await orNotFound(getUnattachedNote(ctx, { accountId, noteId }));
  const page = await orNotFound(listTransactions(ctx, { accountId, search, cursor, limit: 30 }));
  return (
    <>
      <PageHeader title="Choose a transaction" back={{ href: `/accounts/${accountId}#notes`, label: 'Account' }} />
      <div className="space-y-8">
        {typeof notes === 'string' ? (
          <NoteOutcome accountId={accountId} outcome={notes} undoId={typeof undo === 'string' ? undo : null} />
        ) : null}
        <Panel>
          <p className="whitespace-pre-line font-semibold wrap-anywhere">
            {note.words.note === null ? 'Your corrections' : `“${note.words.note}”`}
          </p>
          <NoteFacts note={note} today={page.today} />
        </Panel>
        <Section id="transactions" title="Where does it belong?">
          <PickTransaction
            base={base}
            page={page}
            search={search}
            isFirstPage={cursor === undefined}
            actionOf={(line) => attachNoteAction.bind(null, accountId, noteId, line.id)}
            label="Attach to this transaction"
            pendingLabel="Attaching…"
          />
        </Section>
      </div>
    </>
  );
}
