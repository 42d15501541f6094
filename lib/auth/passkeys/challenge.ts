import 'server-only';
import type { Context } from '#lib/context/context';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { AppError } from '#lib/errors/app-error';
import { addMs } from '#lib/time/span';

/** The session that a WebAuthn ceremony belongs to. It may still be incomplete. */
export type CeremonySession = { sessionId: string; userId: string };

export type CeremonyPurpose = 'enrol' | 'verify';

/** How long the user has for the browser's dialog. */
export const CHALLENGE_LIFE_MS = 5 * 60_000;

/**
 * Issues a random challenge for one ceremony of this session, in place of the one before it. The row holds its hash only.
 * @throws {AppError} unauthenticated: the session has ended
 */
export async function issueChallenge(
  ctx: Context,
  { sessionId, userId }: CeremonySession,
  purpose: CeremonyPurpose,
): Promise<string> {
  const challenge = randomSecret();
  const { count } = await ctx.db.session.updateMany({
    where: { id: sessionId, userId },
    data: {
      challengeHash: challengeHashOf(purpose, challenge),
      challengeExpiresAt: addMs(new Date(), CHALLENGE_LIFE_MS),
    },
  });
  if (count === 0) throw new AppError('unauthenticated', 'sign_in_required');
  return challenge;
}

/**
 * Uses a challenge up. Only one caller gets true for it: the update finds the hash once. A challenge of another session or
 * purpose, or one that has expired, is not found.
 */
export async function takeChallenge(
  ctx: Context,
  { sessionId, userId }: CeremonySession,
  purpose: CeremonyPurpose,
  challenge: string,
): Promise<boolean> {
  const { count } = await ctx.db.session.updateMany({
    where: {
      id: sessionId,
      userId,
      challengeHash: challengeHashOf(purpose, challenge),
      challengeExpiresAt: { gt: new Date() },
    },
    data: { challengeHash: null, challengeExpiresAt: null },
  });
  return count === 1;
}

function challengeHashOf(purpose: CeremonyPurpose, challenge: string): Buffer<ArrayBuffer> {
  return hashOf(`${purpose} ${challenge}`);
}
