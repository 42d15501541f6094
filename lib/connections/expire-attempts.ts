import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { addMs, MINUTE_MS } from '#lib/time/span';
import { CLAIM_LIFE_MS } from './attempt.ts';
import { failAttempt } from './fail-attempt.ts';
import { makesOwnConsent } from './grant.ts';

const BATCH = 500;
/** A second press of the same button, and not a second trip. */
const SAME_PRESS_MS = MINUTE_MS;

/** Ends attempts that never came back, and those whose process died between claiming and storing. */
export async function expireAttempts(ctx: Context): Promise<number> {
  requireSystem(ctx.actor);
  const [late, interrupted] = await Promise.all([listLate(ctx), listInterrupted(ctx)]);
  for (const attempt of late) {
    if (attempt.codeSealed !== null) {
      const mayLeaveConsent = makesOwnConsent(attempt);
      await failAttempt(ctx, attempt.id, { status: 'failed', outcome: 'returned_too_late', mayLeaveConsent });
    } else {
      const outcome = (await wasPressedTwice(ctx, attempt)) ? 'superseded' : 'never_returned';
      await failAttempt(ctx, attempt.id, { status: 'expired', outcome });
    }
  }
  for (const attempt of interrupted) {
    const isCodeSent = attempt.codeSentAt !== null;
    await failAttempt(ctx, attempt.id, {
      status: 'failed',
      outcome: isCodeSent ? 'interrupted_at_exchange' : 'interrupted',
      mayLeaveConsent: isCodeSent && makesOwnConsent(attempt),
    });
  }
  return late.length + interrupted.length;
}

function listLate(ctx: Context) {
  return ctx.db.attempt.findMany({
    where: { status: { in: ['started', 'redirected'] }, expiresAt: { lte: ctx.clock.now() } },
    select: {
      id: true,
      codeSealed: true,
      userId: true,
      bankId: true,
      createdAt: true,
      connectionId: true,
      way: true,
    },
    take: BATCH,
  });
}

function listInterrupted(ctx: Context) {
  return ctx.db.attempt.findMany({
    where: { status: 'claimed', returnedAt: { lt: addMs(ctx.clock.now(), -CLAIM_LIFE_MS) } },
    select: { id: true, codeSentAt: true, connectionId: true, way: true },
    take: BATCH,
  });
}

type Late = { id: string; userId: string; bankId: string | null; createdAt: Date };

/** Whoever presses twice begins two trips and makes one: the other is no trip on which somebody was lost. */
async function wasPressedTwice(ctx: Context, { id, userId, bankId, createdAt }: Late): Promise<boolean> {
  const others = await ctx.db.attempt.count({
    where: {
      userId,
      bankId,
      createdAt: { gte: addMs(createdAt, -SAME_PRESS_MS), lte: addMs(createdAt, SAME_PRESS_MS) },
      // Ids are in the order of their making. Of two that were both left, the later one stands for the trip.
      OR: [{ id: { gt: id } }, { id: { lt: id }, status: { in: ['claimed', 'linked', 'cancelled', 'failed'] } }],
    },
  });
  return others > 0;
}
