import { z } from 'zod';

const id = z.uuid();

/**
 * Every job there is, with its payload's schema. Payloads carry ids: never a token, never a copy of a row. `expireSeconds`
 * is how long one run may take before another worker takes it over.
 */
export const JOBS = {
  'banks.refresh': { payload: z.object({}), expireSeconds: 120, retryLimit: 3 },
  'banks.measure': { payload: z.object({}), expireSeconds: 120, retryLimit: 1 },
  'attempts.expire': { payload: z.object({}), expireSeconds: 60, retryLimit: 2 },
  'connections.dispatch': { payload: z.object({}), expireSeconds: 120, retryLimit: 0 },
  'task.settle': { payload: z.object({ taskId: id }), expireSeconds: 600, retryLimit: 5 },
  'tasks.sweep': { payload: z.object({}), expireSeconds: 60, retryLimit: 0 },
  'tokens.sweep': { payload: z.object({}), expireSeconds: 120, retryLimit: 0 },
  'consent.read': { payload: z.object({ connectionId: id }), expireSeconds: 120, retryLimit: 5 },
  'connections.review': { payload: z.object({}), expireSeconds: 600, retryLimit: 0 },
  'connection.stop': { payload: z.object({ connectionId: id }), expireSeconds: 180, retryLimit: 8 },
  'grants.retire': { payload: z.object({ connectionId: id }), expireSeconds: 180, retryLimit: 8 },
  'reminders.send': { payload: z.object({}), expireSeconds: 300, retryLimit: 0 },
  'stops.sweep': { payload: z.object({}), expireSeconds: 60, retryLimit: 0 },
  'grant.tell': { payload: z.object({ grantId: id }), expireSeconds: 60, retryLimit: 8 },
  'email_change.notify': { payload: z.object({ emailChangeId: id }), expireSeconds: 60, retryLimit: 8 },
  'figures.fold': { payload: z.object({}), expireSeconds: 300, retryLimit: 0 },
  'reasons.seal': { payload: z.object({}), expireSeconds: 300, retryLimit: 0 },
  'retention.sweep': { payload: z.object({}), expireSeconds: 900, retryLimit: 0 },
  'connection.sync': { payload: z.object({ connectionId: id }), expireSeconds: 900, retryLimit: 5 },
  'account.enrich': { payload: z.object({ accountId: id }), expireSeconds: 600, retryLimit: 5 },
  'user.security-notice': {
    payload: z.object({
      userId: id,
      notice: z.enum([
        'passkey_added',
        'passkey_removed',
        'recovery_code_used',
        'recovery_codes_created',
        'second_factor_reset',
        'sign_in_linked',
      ]),
      at: z.iso.datetime(),
    }),
    expireSeconds: 60,
    retryLimit: 8,
  },
  'transfers.match': { payload: z.object({ userId: id }), expireSeconds: 600, retryLimit: 5 },
} as const;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>;
export const JOB_NAMES = Object.keys(JOBS) as JobName[];
