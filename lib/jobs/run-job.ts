import 'server-only';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import { createContext } from '#lib/context/context';
import { AppError, type ErrorKind } from '#lib/errors/app-error';
import { log } from '#lib/log/log';
import { JOBS, type JobName, type JobPayload } from '#lib/queue/contract';
import { inSpan } from '#lib/tracing/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { type JobHandler, JobStoppedError } from './handler.ts';

/**
 * The worker's edge: parses the payload, gives the handler its context, and turns an error into "again" or "never again".
 * Everything that goes wrong in a job is logged here and nowhere else.
 */
export async function runJob<Name extends JobName>(
  name: Name,
  handler: JobHandler<Name>,
  job: JobWithMetadata<object>,
  signal: AbortSignal,
): Promise<JobResult> {
  const jobLog = log().with({ job: name, jobId: job.id, attempt: job.retryCount + 1 });
  try {
    // The contract's schema for this name gives this name's payload; the compiler can't follow the lookup.
    const payload = JOBS[name].payload.parse(job.data) as JobPayload<Name>;
    const actor = { kind: 'system', job: name } as const;
    const ctx = await createContext({ actor, requestId: job.id, log: jobLog });
    await inSpan(`job ${name}`, { jobId: job.id, attempt: job.retryCount + 1 }, () => handler(ctx, payload, signal));
    return { id: job.id, status: 'completed' };
  } catch (error) {
    const verdict = verdictOn(error);
    const isLast = verdict === 'again' && job.retryCount >= job.retryLimit;
    if (verdict === 'given back') jobLog.info({ event: 'job.given_back' }, 'a job was given back');
    else if (verdict === 'again' && !isLast) jobLog.warn({ event: 'job.retried', error }, 'a job will be tried again');
    else jobLog.error({ event: 'job.failed', error }, 'a job has failed for good');
    const output = { code: error instanceof AppError || error instanceof TrueLayerError ? error.code : 'unexpected' };
    return { id: job.id, status: verdict === 'never again' ? 'deadletter' : 'failed', output };
  }
}

/** What may pass by itself is tried again, an unexpected error too: it may be the database that was away. */
function verdictOn(error: unknown): 'again' | 'never again' | 'given back' {
  if (error instanceof JobStoppedError) return 'given back';
  if (error instanceof TrueLayerError) return error.isRetryable ? 'again' : 'never again';
  if (error instanceof AppError) return RETRIED[error.kind] ? 'again' : 'never again';
  return 'again';
}

const RETRIED: Readonly<Record<ErrorKind, boolean>> = {
  invalid: false,
  unauthenticated: false,
  forbidden: false,
  not_found: false,
  conflict: false,
  rate_limited: true,
  unavailable: true,
};
