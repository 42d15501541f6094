import type { AttemptProgress } from '#lib/connections/get-attempt';
import { env } from '#lib/env/env';
import { isSettled } from './_progress.ts';

/** Where the app takes over again, with how it ended and the trip's id, and nothing that opens anything. */
export function appReturnUrl(attempt: AttemptProgress): string | null {
  const { returnUrl } = env().mobile;
  if (returnUrl === null || !attempt.isAppReturn || !isSettled(attempt)) return null;
  const url = new URL(returnUrl);
  url.searchParams.set('outcome', attempt.stage === 'linked' ? 'linked' : (attempt.outcomeCode ?? attempt.stage));
  url.searchParams.set('attempt', attempt.id);
  return url.href;
}
