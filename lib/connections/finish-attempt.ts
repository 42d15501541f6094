import 'server-only';
import type { Context } from '#lib/context/context';
import type { CallbackAnswer } from '#lib/truelayer/callback';
import { TrueLayerError } from '#lib/truelayer/error';
import { wasNeverSent } from './exchange-code.ts';
import { failAttempt } from './fail-attempt.ts';
import {
  CLAIMED,
  type ClaimedAttempt,
  GrantLeftOpenError,
  IdentityUnknownError,
  LoginTakenError,
  makesOwnConsent,
  StoppedMeanwhileError,
} from './grant.ts';
import { linkAttempt } from './link-attempt.ts';
import { OUTCOME_OF_REFUSAL, type OutcomeCode } from './outcome.ts';

/**
 * Finishes an attempt once, whoever comes first: claims it, exchanges the code, and stores tokens and connection together.
 * It does not throw for what TrueLayer or the bank did: that is the attempt's outcome.
 */
export async function finishAttempt(ctx: Context, attemptId: string, answer: CallbackAnswer): Promise<void> {
  const attempt = await claim(ctx, attemptId);
  if (attempt === null) return;
  if (answer.kind === 'refused') return refuse(ctx, attemptId, answer);
  if (answer.kind === 'empty') return failAttempt(ctx, attemptId, { status: 'failed', outcome: 'no_answer' });
  try {
    await linkAttempt(ctx, attempt, { code: answer.code, granted: answer.permissions });
  } catch (error) {
    ctx.log.error({ event: 'attempt.not_linked', attemptId, error }, 'a code could not be turned into a connection');
    const ending = endingOf(error instanceof GrantLeftOpenError ? error.cause : error);
    const mayLeave = error instanceof GrantLeftOpenError || LEAVES_CONSENT.has(ending.outcome);
    await failAttempt(ctx, attemptId, {
      status: 'failed',
      ...ending,
      mayLeaveConsent: mayLeave && makesOwnConsent(attempt),
    });
  }
}

async function claim(ctx: Context, attemptId: string): Promise<ClaimedAttempt | null> {
  const now = ctx.clock.now();
  const { count } = await ctx.db.attempt.updateMany({
    where: { id: attemptId, status: { in: ['started', 'redirected'] }, expiresAt: { gt: now } },
    data: { status: 'claimed', returnedAt: now, codeSealed: null },
  });
  if (count === 0) return null;
  return ctx.db.attempt.findUnique({ where: { id: attemptId }, select: CLAIMED });
}

async function refuse(
  ctx: Context,
  attemptId: string,
  { reason, rawCode, description }: Extract<CallbackAnswer, { kind: 'refused' }>,
): Promise<void> {
  const outcome = OUTCOME_OF_REFUSAL[reason];
  const fields = { event: 'attempt.refused', attemptId, rawCode, description, outcome };
  if (outcome === 'our_configuration') ctx.log.error(fields, 'TrueLayer refused our own link: a setting is wrong');
  else ctx.log.info(fields, 'the bank or TrueLayer said no');
  await failAttempt(ctx, attemptId, {
    status: outcome === 'cancelled_at_bank' ? 'cancelled' : 'failed',
    outcome,
    rawCode,
    description,
  });
}

/** The user agreed at the bank, and what came of it at TrueLayer is not known or can't be used. */
const LEAVES_CONSENT: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>([
  'exchange_lost',
  'exchange_refused',
  'truelayer_unreachable',
]);

function endingOf(error: unknown): { outcome: OutcomeCode; rawCode?: string } {
  if (error instanceof IdentityUnknownError) return { outcome: 'identity_unknown' };
  if (error instanceof StoppedMeanwhileError) return { outcome: 'stopped_meanwhile' };
  if (error instanceof LoginTakenError) return { outcome: error.isOwn ? 'login_linked_apart' : 'login_taken' };
  if (!(error instanceof TrueLayerError)) return { outcome: 'interrupted' };
  return { outcome: outcomeOf(error), rawCode: error.rawCode ?? error.code };
}

function outcomeOf(error: TrueLayerError): OutcomeCode {
  if (error.kind === 'reconnect') return 'code_refused';
  if (error.kind === 'config') return 'our_configuration';
  if (wasNeverSent(error)) return 'truelayer_unreachable';
  // The code may be spent and its tokens on their way to nobody: it can't be asked for again.
  if (error.networkFailure !== null || error.httpStatus === null || error.httpStatus < 300) return 'exchange_lost';
  return 'exchange_refused';
}
