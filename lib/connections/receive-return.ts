import 'server-only';
import { isPerson } from '#lib/actor/actor';
import type { Context } from '#lib/context/context';
import { hashOf, isSameSecret, randomSecret } from '#lib/crypto/secret';
import type { Prisma } from '#lib/db/generated/client';
import type { CallbackAnswer } from '#lib/truelayer/callback';
import { createReference, openCode, sealCode } from './attempt.ts';
import { failAttempt } from './fail-attempt.ts';
import { finishAttempt } from './finish-attempt.ts';

/** Why a return can't be placed. Nothing was touched. */
export const LOST_REASONS = ['no_state', 'unknown_state', 'not_yours', 'broken'] as const;
export type LostReason = (typeof LOST_REASONS)[number];

export type Return =
  | { kind: 'lost'; reason: LostReason; reference: string }
  /**
   * Kept, sealed and for minutes, until the person it belongs to signs in. Only the browser that brought it, and keeps
   * `returnSecret`, can go on with it: nobody collects what somebody else was sent to the bank for.
   */
  | { kind: 'parked'; attemptId: string; returnSecret: string }
  /** Over before this: the landing page reads how it ended. */
  | { kind: 'settled'; attemptId: string }
  /** This person's, here and now. `finish` does the rest; the person needn't wait for all of it on the bank's page. */
  | { kind: 'accepted'; attemptId: string; finish: () => Promise<void> };

/**
 * Takes what TrueLayer's redirect brought. Only the person who began the attempt, in the browser that began it, finishes it
 * on the spot; without a session (another browser, a form post from TrueLayer's site) it is parked; a stranger gets nothing.
 */
export async function receiveReturn(
  ctx: Context,
  answer: CallbackAnswer,
  browserSecret: string | null,
): Promise<Return> {
  if (answer.state === null) return lost(ctx, 'no_state', null);
  const attempt = await ctx.db.attempt.findUnique({ where: { stateHash: hashOf(answer.state) }, select: RETURNING });
  if (attempt === null) return lost(ctx, 'unknown_state', null);
  const isOwner = isPerson(ctx.actor) && ctx.actor.userId === attempt.userId;
  if (isPerson(ctx.actor) && !isOwner) return lost(ctx, 'not_yours', attempt.id);
  if (isOver(attempt)) return { kind: 'settled', attemptId: attempt.id };
  if (attempt.expiresAt <= ctx.clock.now()) return endLate(ctx, attempt.id);
  if (isOwner && isSameBrowser(attempt, browserSecret)) {
    return { kind: 'accepted', attemptId: attempt.id, finish: () => finishAttempt(ctx, attempt.id, answer) };
  }
  return park(ctx, attempt.id, answer);
}

export const RETURNING = {
  id: true,
  userId: true,
  status: true,
  expiresAt: true,
  browserHash: true,
} satisfies Prisma.AttemptSelect;

type Returning = Prisma.AttemptGetPayload<{ select: typeof RETURNING }>;

function isOver({ status }: Returning): boolean {
  return status !== 'started' && status !== 'redirected' && status !== 'expired';
}

export function isSameBrowser(attempt: { browserHash: Uint8Array }, browserSecret: string | null): boolean {
  return browserSecret !== null && isSameSecret(hashOf(browserSecret), attempt.browserHash);
}

/** The reference is all that the person can quote, so it is what the log line is found by. */
function lost(ctx: Context, reason: LostReason, attemptId: string | null): Return {
  const reference = createReference();
  ctx.log.warn({ event: 'return.lost', reason, reference, attemptId }, 'a return from a bank could not be placed');
  return { kind: 'lost', reason, reference };
}

/** An expired state opens nothing, and the attempt says that its person did come back. */
async function endLate(ctx: Context, attemptId: string): Promise<Return> {
  await failAttempt(ctx, attemptId, { status: 'expired', outcome: 'came_back_late' });
  await ctx.db.attempt.updateMany({
    where: { id: attemptId, status: 'expired', returnedAt: null },
    data: { outcomeCode: 'came_back_late', returnedAt: ctx.clock.now() },
  });
  return { kind: 'settled', attemptId };
}

/** A refusal needs no keeping: it can be repeated by nobody, and knowing the state is proof enough of the trip. */
async function park(ctx: Context, attemptId: string, answer: CallbackAnswer): Promise<Return> {
  if (answer.kind !== 'code') {
    await finishAttempt(ctx, attemptId, answer);
    return { kind: 'settled', attemptId };
  }
  const returnSecret = randomSecret();
  const kept = await ctx.db.attempt.updateMany({
    where: { id: attemptId, status: { in: ['started', 'redirected'] }, codeSealed: null },
    data: {
      codeSealed: sealCode(attemptId, answer.code),
      returnHash: hashOf(returnSecret),
      returnedAt: ctx.clock.now(),
    },
  });
  // A second hit may come because the first one's answer, with its cookie, was lost; it brings the same code.
  if (kept.count === 0 && !(await takeOver(ctx, attemptId, answer.code, returnSecret)))
    return { kind: 'settled', attemptId };
  return { kind: 'parked', attemptId, returnSecret };
}

async function takeOver(ctx: Context, attemptId: string, code: string, returnSecret: string): Promise<boolean> {
  const row = await ctx.db.attempt.findUnique({ where: { id: attemptId }, select: { codeSealed: true } });
  if (row === null || row.codeSealed === null) return false;
  if (!isSameSecret(hashOf(code), hashOf(openCode({ id: attemptId, codeSealed: row.codeSealed })))) return false;
  const where = { id: attemptId, codeSealed: { not: null } };
  const { count } = await ctx.db.attempt.updateMany({ where, data: { returnHash: hashOf(returnSecret) } });
  return count === 1;
}
