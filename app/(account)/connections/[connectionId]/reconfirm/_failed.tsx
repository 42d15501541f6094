import { Notice } from '#components/ui/notice';
import { isReference } from '#lib/connections/attempt';
import type { AttemptProgress } from '#lib/connections/get-attempt';
import type { ConnectionDetail } from '#lib/connections/get-connection';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { outcomeWords } from '../../../../_words/outcomes.ts';
import type { StartProblemCode } from '../../../_start-problem-code.ts';

type FailedProps = {
  connection: ConnectionDetail;
  attempt: AttemptProgress | null;
  problem: StartProblemCode | null;
  reference: string | null;
  now: Date;
};

/** It didn't come about, and why; and above all that nothing is lost. */
export function Failed({ connection, attempt, problem, reference, now }: FailedProps) {
  const { consentExpiresAt, isEndPending } = connection;
  const isRunning = consentExpiresAt === null || isEndPending || consentExpiresAt > now;
  const still =
    isRunning && consentExpiresAt !== null && !isEndPending
      ? `What you share now goes on until ${toFullDay(toLondonDay(consentExpiresAt))}, as before.`
      : 'What was fetched until now stays as it is.';
  return (
    <div className="mb-8">
      <Notice
        tone={toneOf(attempt)}
        title={titleOf(attempt, problem)}
        role="alert"
        reference={referenceOf(attempt, reference)}
      >
        Nothing has changed. {still} You can try again now or later.
      </Notice>
    </div>
  );
}

function toneOf(attempt: AttemptProgress | null): 'note' | 'caution' {
  return attempt?.stage === 'cancelled' || attempt?.stage === 'waiting' ? 'note' : 'caution';
}

const PROBLEMS: Readonly<Record<StartProblemCode, string>> = {
  too_many: 'That was a lot of attempts: wait a quarter of an hour',
  words_changed: 'This page has changed since you opened it: please read it once more',
  no_link: 'TrueLayer can’t be reached just now',
};

function titleOf(attempt: AttemptProgress | null, problem: StartProblemCode | null): string {
  if (attempt === null) return PROBLEMS[problem ?? 'no_link'];
  if (attempt.stage === 'cancelled') return 'You turned back at the bank';
  if (attempt.stage === 'waiting' || attempt.stage === 'parked') return 'You haven’t come back from the bank yet';
  return outcomeWords(attempt.outcomeCode ?? 'never_returned').title;
}

function referenceOf(attempt: AttemptProgress | null, reference: string | null): string | undefined {
  if (attempt !== null) return attempt.reference;
  return isReference(reference) ? reference : undefined;
}
