import { TrueLayerError } from '#lib/truelayer/error';
import type { QueuedResult } from '#lib/truelayer/results';

/** An answer to a call that was not asynchronous; one that is only queued was not what was asked for. */
export function finalResult<T extends { state: 'final' }>(result: T | QueuedResult): T {
  if (result.state === 'queued') throw new TrueLayerError({ code: 'not_final' });
  return result;
}
