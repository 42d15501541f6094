import 'server-only';
import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { v4 as uuidv4 } from 'uuid';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { type CeremonySession, CHALLENGE_LIFE_MS, issueChallenge, takeChallenge } from './challenge.ts';
import { type RenewedSession, renewSession, requireSecondFactor } from './complete-session.ts';
import { lockUser } from './lock-user.ts';
import { parsePasskeyName } from './passkey-name.ts';
import { createRecoveryCodes } from './recovery-codes.ts';
import { relyingParty } from './relying-party.ts';
import { RegistrationResponse } from './response-schemas.ts';
import { enqueueSecurityNotice } from './security-notice.ts';

export const MAX_PASSKEYS = 20;

/** COSE algorithms: Ed25519, ECDSA with P-256, RSA (Windows Hello). */
const ALGORITHMS = [-8, -7, -257];

/**
 * What the browser needs to create a passkey. The caller requires a fresh sign-in first.
 * @throws {AppError} unauthenticated; conflict `too_many_passkeys`
 */
export async function beginEnrolment(
  ctx: Context,
  { sessionId }: { sessionId: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { userId } = requirePerson(ctx.actor);
  const { email, passkeys } = await ctx.db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { email: true, passkeys: { select: { credentialId: true, transports: true } } },
  });
  if (passkeys.length >= MAX_PASSKEYS) throw new AppError('conflict', 'too_many_passkeys');
  const challenge = await issueChallenge(ctx, { sessionId, userId }, 'enrol');
  const { id, name } = relyingParty();
  return generateRegistrationOptions({
    rpID: id,
    rpName: name,
    userID: new TextEncoder().encode(userId),
    userName: email,
    userDisplayName: email,
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: CHALLENGE_LIFE_MS,
    attestationType: 'none',
    // An authenticator that has one of these refuses to create another.
    excludeCredentials: passkeys.map((passkey) => ({
      id: Buffer.from(passkey.credentialId).toString('base64url'),
      transports: passkey.transports,
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

export type Enrolment = {
  /** New recovery codes when the user had none; this is the only time that they can be shown. */
  recoveryCodes: string[] | null;
  session: RenewedSession;
};

/**
 * Stores a passkey that the browser created. This session counts as having passed the second factor, and has a new token, so
 * that a copy of the old one does not; every other session of a user without a passkey until now is incomplete from here on.
 * @throws {AppError} unauthenticated, also when another session has added a first passkey meanwhile; invalid `passkey_refused`, `name_invalid`; conflict `too_many_passkeys`, `passkey_known`
 */
export async function enrolPasskey(
  ctx: Context,
  { sessionId, name: typed, response }: { sessionId: string; name: unknown; response: unknown },
): Promise<Enrolment> {
  const { userId } = requirePerson(ctx.actor);
  const name = parsePasskeyName(typed);
  const { credential, transports } = await verify(ctx, { sessionId, userId }, response);
  const credentialId = Buffer.from(credential.id, 'base64url');
  return inTransaction(ctx, async (tx) => {
    await lockUser(tx, userId);
    const known = await tx.db.passkey.count({ where: { userId } });
    if (known > 0) await requireSecondFactor(tx, { sessionId, userId });
    if (known >= MAX_PASSKEYS) throw new AppError('conflict', 'too_many_passkeys');
    const now = new Date();
    const [passkey] = await tx.db.passkey.createManyAndReturn({
      data: [
        {
          userId,
          credentialId,
          publicKey: Buffer.from(credential.publicKey),
          counter: credential.counter,
          transports,
          name,
          createdAt: now,
        },
      ],
      skipDuplicates: true,
      select: { id: true },
    });
    if (passkey === undefined) throw new AppError('conflict', 'passkey_known');
    const session = await renewSession(tx, { sessionId, userId }, { secondFactorAt: now });
    const subject = { kind: 'passkey', id: passkey.id };
    await recordAudit(tx, { action: 'passkey.added', subject, personId: userId });
    await enqueueSecurityNotice(tx, { userId, notice: 'passkey_added', eventId: uuidv4() });
    const codes = await tx.db.recoveryCode.count({ where: { userId } });
    return { recoveryCodes: codes === 0 ? await createRecoveryCodes(tx) : null, session };
  });
}

/** The library throws a plain error for whatever is wrong with a response. All of it comes from outside. */
async function verify(ctx: Context, session: CeremonySession, response: unknown) {
  const parsed = RegistrationResponse.safeParse(response);
  if (!parsed.success) throw new AppError('invalid', 'passkey_refused');
  const { transports, ...registration } = parsed.data;
  const { id, origin } = relyingParty();
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: registration,
      expectedChallenge: (challenge) => takeChallenge(ctx, session, 'enrol', challenge),
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (verified) return { credential: registrationInfo.credential, transports };
  } catch (cause) {
    throw new AppError('invalid', 'passkey_refused', { cause });
  }
  throw new AppError('invalid', 'passkey_refused');
}
