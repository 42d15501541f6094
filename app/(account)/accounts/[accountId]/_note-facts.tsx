import { DayText } from '#components/ui/date-text';
import { Money } from '#components/ui/money';
import type { UnattachedNote } from '#lib/accounts/list-unattached-notes';
import { categoryWords } from '../../../_words/enrichment.ts';

const REASONS: Readonly<Record<UnattachedNote['reason'], string>> = {
  removed: 'Your bank has removed this transaction. If it comes back, the note is on it again.',
  not_booked: 'It is no longer pending. When your bank books it, we attach the note if only one transaction fits.',
  detached: 'You took it off this transaction.',
};

/** What a note was written on, what else was said with it, and why it has no transaction. */
export function NoteFacts({ note, today }: { note: UnattachedNote; today: string }) {
  const { writtenOn, words } = note;
  const corrections = [
    words.merchantName === null ? '' : `Name: ${words.merchantName}`,
    words.category === null ? '' : `Category: ${categoryWords(words.category)}`,
    words.isTransfer === null ? '' : words.isTransfer ? 'A transfer' : 'Not a transfer',
  ].filter(Boolean);
  return (
    <div className="mt-1 space-y-1 wrap-anywhere">
      {corrections.length === 0 ? null : <p>{corrections.join(' · ')}</p>}
      {writtenOn === null ? null : (
        <p>
          {`Written on: ${writtenOn.description || 'a transaction without text'} · `}
          <DayText day={writtenOn.day} today={today} />
          {' · '}
          <Money amount={writtenOn.effect} currency={writtenOn.currency} kind="movement" />
        </p>
      )}
      <p className="text-sm text-soft">{REASONS[note.reason]}</p>
    </div>
  );
}
