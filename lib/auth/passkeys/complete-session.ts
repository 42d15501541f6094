import 'server-only';
import type { Context } from '#lib/context/context';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { AppError } from '#lib/errors/app-error';
import type { CeremonySession } from './challenge.ts';

/** The session has a new token from now on: the old one is worth nothing. */
export type RenewedSession = { token: string; expiresAt: Date };

/**
 * Completes a session and gives it a new token, as ASVS 5 (7.2.4) asks for when its user authenticates.
 * @throws {AppError} unauthenticated: the session has ended
 */
export async function renewSession(
  tx: Context,
  { sessionId, userId }: CeremonySession,
  data: { secondFactorAt: Date; passkeyUsedAt?: Date },
): Promise<RenewedSession> {
  const token = randomSecret();
  const [row] = await tx.db.session.updateManyAndReturn({
    where: { id: sessionId, userId },
    data: { ...data, tokenHash: hashOf(token), challengeHash: null, challengeExpiresAt: null },
    select: { expiresAt: true },
  });
  if (row === undefined) throw new AppError('unauthenticated', 'sign_in_required');
  return { token, expiresAt: row.expiresAt };
}

/**
 * For changes of the second factor of a user who has a passkey, in a transaction that has locked the user: a first passkey
 * may have been added since the request began, which made its session incomplete.
 * @throws {AppError} unauthenticated: the session has not passed the second factor, or has ended
 */
export async function requireSecondFactor(tx: Context, { sessionId, userId }: CeremonySession): Promise<void> {
  const passed = await tx.db.session.count({ where: { id: sessionId, userId, secondFactorAt: { not: null } } });
  if (passed === 0) throw new AppError('unauthenticated', 'second_factor_required');
}

/** @returns how many sessions were ended */
export async function endOtherSessions(tx: Context, { sessionId, userId }: CeremonySession): Promise<number> {
  return (await tx.db.session.deleteMany({ where: { userId, id: { not: sessionId } } })).count;
}
