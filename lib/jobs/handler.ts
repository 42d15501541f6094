import type { Context } from '#lib/context/context';
import type { JobName, JobPayload } from '#lib/queue/contract';

/** Does one job, safely more than once. The signal says that the worker wants to stop. */
export type JobHandler<Name extends JobName> = (
  ctx: Context,
  payload: JobPayload<Name>,
  signal: AbortSignal,
) => Promise<void>;

export type JobHandlers = { readonly [Name in JobName]: JobHandler<Name> };

/** The worker stopped in the middle: somebody else does the rest. */
export class JobStoppedError extends Error {
  constructor() {
    super('the worker is stopping');
    this.name = 'JobStoppedError';
  }
}
