import { randomUUID } from 'node:crypto';
import { beginEnrolment, enrolPasskey } from '#lib/auth/passkeys/enrol-passkey';
import { actingAs, type Context } from '#lib/context/context';
import { hashOf } from '#lib/crypto/secret';
import { DAY_MS } from '#lib/time/span';
import { addUser } from './link-person.ts';
import { createAuthenticator } from './software-authenticator.ts';

export type TestSession = { sessionId: string; userId: string; token: string };

/** Stores a session as next-auth's adapter does after a first factor. */
export async function addSession(ctx: Context, userId: string, createdAt = new Date()): Promise<TestSession> {
  const token = randomUUID();
  const expiresAt = new Date(createdAt.getTime() + 30 * DAY_MS);
  const { id } = await ctx.db.session.create({
    data: { tokenHash: hashOf(token), userId, createdAt, expiresAt },
    select: { id: true },
  });
  return { sessionId: id, userId, token };
}

/** A user who has enrolled one passkey. */
export async function addPasskeyUser(nobody: Context, counterStep = 1) {
  const userId = await addUser(nobody);
  const ctx = actingAs(nobody, { kind: 'user', userId });
  const { sessionId } = await addSession(nobody, userId);
  const authenticator = createAuthenticator(counterStep);
  const { passkeyId, recoveryCodes, token } = await enrol(ctx, { sessionId }, authenticator);
  const session: TestSession = { sessionId, userId, token };
  return { userId, ctx, session, authenticator, passkeyId, recoveryCodes };
}

/** Enrols a passkey of `authenticator` for the user who acts. `token` is the session's new one. */
export async function enrol(
  ctx: Context,
  { sessionId }: { sessionId: string },
  authenticator: ReturnType<typeof createAuthenticator>,
) {
  const options = await beginEnrolment(ctx, { sessionId });
  const response = authenticator.create(options);
  const { recoveryCodes, session } = await enrolPasskey(ctx, { sessionId, name: 'Test device', response });
  const { id } = await ctx.db.passkey.findUniqueOrThrow({
    where: { credentialId: Buffer.from(authenticator.id, 'base64url') },
    select: { id: true },
  });
  return { passkeyId: id, recoveryCodes: recoveryCodes ?? [], token: session.token };
}
