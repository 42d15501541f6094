import 'server-only';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';
import { hashOf } from '#lib/crypto/secret';
import type { AttemptPurpose } from '#lib/db/generated/client';
import { AppError } from '#lib/errors/app-error';
import type { Limit } from '#lib/limits/take';
import type { Flow } from '#lib/settings/settings';
import { addMs } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { ATTEMPT_LIFE_MS, type NewAttempt } from './attempt.ts';
import { redirectUri } from './fresh-link.ts';
import { toStoredFlow } from './stored-flow.ts';

/** Of all trips to a bank together, whatever for. */
export const TRIPS_PER_PERSON: Limit = { name: 'trips to a bank', times: 30, inSeconds: 15 * 60 };

/** The bank, or TrueLayer, gave no link to go to. Nothing was agreed with anybody; trying again is safe. */
export class LinkUnavailableError extends AppError {
  constructor(reference: string, cause: unknown) {
    super('unavailable', 'link_unavailable', { fields: { reference }, cause });
  }
}

type AttemptToWrite = {
  attempt: NewAttempt;
  userId: string;
  bankId: string | null;
  /** The connection that is renewed or changed; null for a first one. */
  connectionId: string | null;
  purpose: AttemptPurpose;
  flow: Flow;
  permissions: readonly string[];
  erasesDropped?: boolean;
  device: string;
  isAppReturn: boolean;
  browserSecret: string;
};

/** Notes a trip before it begins, in the caller's transaction. */
export async function writeAttempt(ctx: Context, input: AttemptToWrite): Promise<void> {
  const { attempt, userId, bankId, connectionId, purpose, permissions } = input;
  const now = ctx.clock.now();
  await ctx.db.attempt.create({
    data: {
      id: attempt.id,
      reference: attempt.reference,
      userId,
      bankId,
      connectionId,
      purpose,
      flow: toStoredFlow(input.flow),
      permissions: [...permissions],
      erasesDropped: input.erasesDropped ?? false,
      stateHash: attempt.stateHash,
      browserHash: hashOf(input.browserSecret),
      verifierSealed: attempt.verifierSealed,
      redirectUri: redirectUri(),
      trackingId: attempt.id,
      device: input.device,
      isAppReturn: input.isAppReturn,
      createdAt: now,
      expiresAt: addMs(now, ATTEMPT_LIFE_MS),
    },
    select: { id: true },
  });
  await recordAudit(ctx, {
    action: 'attempt.started',
    subject: { kind: 'attempt', id: attempt.id },
    connectionId,
    personId: userId,
    after: { bankId, permissions: [...permissions], purpose, flow: input.flow },
  });
}

/**
 * Runs the one network call of a start; its failure ends the attempt, so that nobody waits for it to return.
 * @throws {LinkUnavailableError}; {@link AppError} conflict when there was nothing left to link to by then
 */
export async function linkOrFail<T>(ctx: Context, attempt: NewAttempt, makeLink: () => Promise<T>): Promise<T> {
  try {
    const link = await makeLink();
    await ctx.db.attempt.updateMany({
      where: { id: attempt.id, status: 'started' },
      data: { status: 'redirected', redirectedAt: ctx.clock.now() },
    });
    return link;
  } catch (error) {
    const code = error instanceof TrueLayerError && error.kind === 'config' ? 'our_configuration' : 'link_unavailable';
    await ctx.db.attempt.updateMany({
      where: { id: attempt.id, status: 'started' },
      data: { status: 'failed', outcomeCode: code, finishedAt: ctx.clock.now(), verifierSealed: null },
    });
    if (error instanceof AppError && error.code === 'not_renewable') throw error;
    ctx.log.error({ event: 'attempt.no_link', attemptId: attempt.id, error }, 'no link to the bank');
    throw new LinkUnavailableError(attempt.reference, error);
  }
}
