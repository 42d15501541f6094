import { ErrorSummary } from '#components/ui/error-summary';
import { Notice } from '#components/ui/notice';
import { StatusRegion } from '#components/ui/status-region';
import type { Problem } from './_words.ts';

type FormOutcomeProps = { problem: Problem | null; isSaved: boolean; savedWords: string };

/** Above a form: what became of it. */
export function FormOutcome({ problem, isSaved, savedWords }: FormOutcomeProps) {
  return (
    <>
      <ErrorSummary errors={problem === null ? [] : [problem]} title="Nothing was changed" />
      <StatusRegion>{isSaved ? <Notice tone="good" title={savedWords} /> : null}</StatusRegion>
    </>
  );
}
