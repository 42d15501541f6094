import 'server-only';
import {
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import { v4 as uuidv4 } from 'uuid';
import { recordAudit } from '#lib/audit/record';
import { isAdmin } from '#lib/auth/admin-role';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { RateLimitedError } from '#lib/errors/rate-limited';
import { type Limit, takeForCaller, takeFromLimit } from '#lib/limits/take';
import { type CeremonySession, CHALLENGE_LIFE_MS, issueChallenge, takeChallenge } from './challenge.ts';
import { type RenewedSession, renewSession } from './complete-session.ts';
import { recoveryCodeHashOf } from './recovery-codes.ts';
import { relyingParty } from './relying-party.ts';
import { AssertionResponse } from './response-schemas.ts';
import { enqueueSecurityNotice } from './security-notice.ts';

const ASSERTIONS: Limit = { name: 'passkey assertions, by session', times: 30, inSeconds: 15 * 60 };
const RECOVERY_CODES: Limit = { name: 'recovery codes tried', times: 5, inSeconds: 15 * 60 };
// A failed attempt is always in the log. The audit keeps every entry for ever, so it has 5 an hour for each user.
const FAILURES_IN_AUDIT: Limit = { name: 'failed second factors in the audit, by user', times: 5, inSeconds: 3600 };

/**
 * What the browser needs to use one of the user's passkeys.
 * @throws {AppError} unauthenticated; conflict `no_passkey`
 */
export async function beginAssertion(
  ctx: Context,
  session: CeremonySession,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const passkeys = await ctx.db.passkey.findMany({
    where: { userId: session.userId },
    select: { credentialId: true, transports: true },
  });
  if (passkeys.length === 0) throw new AppError('conflict', 'no_passkey');
  const challenge = await issueChallenge(ctx, session, 'verify');
  return generateAuthenticationOptions({
    rpID: relyingParty().id,
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: CHALLENGE_LIFE_MS,
    userVerification: 'required',
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({
      id: Buffer.from(credentialId).toString('base64url'),
      transports,
    })),
  });
}

/**
 * Verifies the response of one of the user's passkeys. The session is complete and its sign-in fresh from now on.
 * @throws {AppError} unauthenticated; invalid `passkey_refused`; rate_limited
 */
export async function verifyPasskey(
  ctx: Context,
  session: CeremonySession,
  response: unknown,
): Promise<RenewedSession> {
  const acting = await actingAsOwner(ctx, session);
  // Not by user: whoever reads the user's email could use up the owner's tries, and signatures can't be guessed.
  await takeFromLimit(ASSERTIONS, session.sessionId);
  await takeForCaller(actingAs(ctx, { kind: 'nobody' }), ASSERTIONS);
  const passkey = await verifyAssertion(acting, session, response);
  if (passkey === null) {
    await recordFailure(acting, session.userId, 'passkey');
    throw new AppError('invalid', 'passkey_refused');
  }
  return inTransaction(acting, async (tx) => {
    const now = new Date();
    // Of two responses with one counter, or of a copied authenticator, the update finds the row once.
    const { count } = await tx.db.passkey.updateMany({
      where: { id: passkey.id, userId: session.userId, counter: passkey.counter },
      data: { counter: passkey.newCounter, lastUsedAt: now },
    });
    if (count === 0) throw new AppError('invalid', 'passkey_refused');
    const subject = { kind: 'passkey', id: passkey.id };
    await recordAudit(tx, { action: 'passkey.used', subject, personId: session.userId });
    return renewSession(tx, session, { secondFactorAt: now, passkeyUsedAt: now });
  });
}

/**
 * Completes the session with a recovery code, which is used up. A code is no fresh sign-in.
 * @throws {AppError} unauthenticated; invalid `code_refused`; rate_limited
 */
export async function redeemRecoveryCode(
  ctx: Context,
  session: CeremonySession,
  typed: string,
): Promise<RenewedSession> {
  const { userId } = session;
  const acting = await actingAsOwner(ctx, session);
  await takeForCaller(acting, RECOVERY_CODES);
  const renewed = await inTransaction(acting, async (tx) => {
    // Of two requests with one code, one deletes the row.
    const { count } = await tx.db.recoveryCode.deleteMany({
      where: { userId, codeHash: recoveryCodeHashOf(typed) },
    });
    if (count === 0) return null;
    const left = await tx.db.recoveryCode.count({ where: { userId } });
    const subject = { kind: 'person', id: userId };
    await recordAudit(tx, { action: 'recovery_code.used', subject, personId: userId, after: { left } });
    await enqueueSecurityNotice(tx, { userId, notice: 'recovery_code_used', eventId: uuidv4() });
    return renewSession(tx, session, { secondFactorAt: new Date() });
  });
  if (renewed !== null) return renewed;
  await recordFailure(acting, userId, 'recovery_code');
  throw new AppError('invalid', 'code_refused');
}

/** The request has no actor while its session is incomplete. What it does here is recorded as the session's owner. */
async function actingAsOwner(ctx: Context, { sessionId, userId }: CeremonySession): Promise<Context> {
  const row = await ctx.db.session.findFirst({
    where: { id: sessionId, userId },
    select: { user: { select: { email: true, role: true } } },
  });
  if (row === null) throw new AppError('unauthenticated', 'sign_in_required');
  return actingAs(ctx, { kind: isAdmin(row.user) ? 'admin' : 'user', userId });
}

async function verifyAssertion(ctx: Context, session: CeremonySession, response: unknown) {
  const parsed = AssertionResponse.safeParse(response);
  if (!parsed.success) return null;
  const passkey = await ctx.db.passkey.findFirst({
    where: { userId: session.userId, credentialId: Buffer.from(parsed.data.id, 'base64url') },
    select: { id: true, publicKey: true, counter: true },
  });
  if (passkey === null) return null;
  const { id, origin } = relyingParty();
  try {
    // The library checks the type, the counter, and that the user was present and verified.
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: parsed.data,
      expectedChallenge: (challenge) => takeChallenge(ctx, session, 'verify', challenge),
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: parsed.data.id,
        publicKey: Buffer.from(passkey.publicKey),
        counter: Number(passkey.counter),
      },
    });
    if (!verified) return null;
    return { id: passkey.id, counter: passkey.counter, newCounter: authenticationInfo.newCounter };
  } catch (error) {
    ctx.log.info({ event: 'passkey.refused', error }, 'a passkey response was refused');
    return null;
  }
}

async function recordFailure(ctx: Context, userId: string, method: 'passkey' | 'recovery_code'): Promise<void> {
  ctx.log.warn({ event: 'second_factor.failed', method, userId }, 'second factor failed');
  try {
    await takeFromLimit(FAILURES_IN_AUDIT, userId);
  } catch (error) {
    if (error instanceof RateLimitedError) return;
    throw error;
  }
  const subject = { kind: 'person', id: userId };
  await inTransaction(ctx, (tx) =>
    recordAudit(tx, { action: 'user.second_factor_failed', subject, personId: userId, after: { method } }),
  );
}
