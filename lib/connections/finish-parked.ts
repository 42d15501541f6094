import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { hashOf, isSameSecret } from '#lib/crypto/secret';
import { NotFoundError } from '#lib/errors/app-error';
import { msBetween } from '#lib/time/span';
import { CODE_LIFE_MS, openCode } from './attempt.ts';
import { failAttempt } from './fail-attempt.ts';
import { finishAttempt } from './finish-attempt.ts';
import { makesOwnConsent } from './grant.ts';
import { isUuid } from './internal.ts';
import { isSameBrowser, RETURNING, type Return } from './receive-return.ts';

type FinishParkedInput = {
  attemptId: string;
  browserSecret: string | null;
  /** From the browser that brought the return; no other one can go on with it. */
  returnSecret: string | null;
  /** The person said, on a page of ours, that it was they who began it in another browser. */
  isConfirmed: boolean;
};

type Parked =
  | Extract<Return, { kind: 'settled' | 'accepted' }>
  | { kind: 'needs_confirmation'; attemptId: string }
  | { kind: 'elsewhere'; attemptId: string };

/**
 * Goes on with a return that came without its session, now that the person is signed in. In another browser than the one
 * that began, they have to say so first.
 * @throws {NotFoundError} no such attempt, or not this person's
 */
export async function finishParked(ctx: Context, input: FinishParkedInput): Promise<Parked> {
  const { attemptId } = input;
  const person = requirePerson(ctx.actor);
  if (!isUuid(attemptId)) throw new NotFoundError('attempt');
  const attempt = await ctx.db.attempt.findFirst({
    where: { id: attemptId, userId: person.userId },
    select: { ...RETURNING, connectionId: true, way: true, codeSealed: true, returnHash: true, returnedAt: true },
  });
  if (attempt === null) throw new NotFoundError('attempt');
  const { codeSealed, returnHash, returnedAt } = attempt;
  if (codeSealed === null || returnHash === null || returnedAt === null) return { kind: 'settled', attemptId };
  if (msBetween(returnedAt, ctx.clock.now()) > CODE_LIFE_MS) {
    const mayLeaveConsent = makesOwnConsent(attempt);
    await failAttempt(ctx, attemptId, { status: 'failed', outcome: 'returned_too_late', mayLeaveConsent });
    return { kind: 'settled', attemptId };
  }
  if (!isReturningBrowser(returnHash, input.returnSecret)) return { kind: 'elsewhere', attemptId };
  if (!input.isConfirmed && !isSameBrowser(attempt, input.browserSecret))
    return { kind: 'needs_confirmation', attemptId };
  const code = openCode({ id: attempt.id, codeSealed });
  const answer = { kind: 'code', state: null, code, permissions: null } as const;
  return { kind: 'accepted', attemptId, finish: () => finishAttempt(ctx, attemptId, answer) };
}

function isReturningBrowser(returnHash: Uint8Array, returnSecret: string | null): boolean {
  return returnSecret !== null && isSameSecret(hashOf(returnSecret), returnHash);
}
