import 'server-only';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { failAttempt } from './fail-attempt.ts';
import { StartRenewalInput, startRenewal } from './start-renewal.ts';

export const StartRenewalsInput = StartRenewalInput.omit({ connectionId: true, shown: true }).extend({
  /** In this order, each with the mark of its own words. */
  banks: z
    .array(z.object({ connectionId: z.uuid(), shown: z.string() }))
    .min(1)
    .max(50),
});
export type StartRenewalsInput = z.infer<typeof StartRenewalsInput>;

/**
 * One reconfirmation for several banks. Those that don't want to see the person are renewed at once; to the first that does, the
 * browser is sent. The others are asked for when they come back: a person can be at one bank at a time.
 * @throws {AppError} what the first bank's own renewal throws; the others' troubles are theirs, and shown with them
 */
export async function startRenewals(ctx: Context, input: StartRenewalsInput): Promise<{ url: string | null }> {
  requirePerson(ctx.actor);
  const { banks, ...trip } = StartRenewalsInput.parse(input);
  let url: string | null = null;
  for (const [index, { connectionId, shown }] of banks.entries()) {
    try {
      const started = await startRenewal(ctx, { connectionId, shown, ...trip });
      if (started.kind === 'renewed') continue;
      if (url === null) url = started.url;
      else await failAttempt(ctx, started.attemptId, { status: 'expired', outcome: 'superseded' });
    } catch (error) {
      if (index === 0 || !(error instanceof AppError)) throw error;
      ctx.log.warn({ event: 'renewal.one_of_many', connectionId, error }, 'one of several banks could not be renewed');
    }
  }
  return { url };
}
