import type { StepState } from '#lib/connections/attempt-progress';
import type { AttemptProgress } from '#lib/connections/get-attempt';

/** As it comes over JSON and as the server hands it over: the same, since it has no dates. */
export function isSettled(attempt: Pick<AttemptProgress, 'stage' | 'steps'>): boolean {
  if (attempt.stage !== 'linked') return attempt.stage !== 'finishing';
  return Object.values(attempt.steps).every((state) => state !== 'waiting' && state !== 'running');
}

/** Linked, or about to be: what can still be watched. */
export function isUnderWay({ stage }: Pick<AttemptProgress, 'stage'>): boolean {
  return stage === 'linked' || stage === 'finishing';
}

export function titleOf(attempt: Pick<AttemptProgress, 'stage' | 'steps' | 'bankName'>): string {
  const bank = attempt.bankName ?? 'Your bank';
  if (attempt.stage === 'finishing') return `Finishing with ${bank}`;
  if (!isSettled(attempt)) return `${bank} is linked`;
  const states: StepState[] = Object.values(attempt.steps);
  return states.some((state) => state === 'failed' || state === 'partly')
    ? `${bank} is linked, with something missing`
    : `${bank} is linked`;
}
