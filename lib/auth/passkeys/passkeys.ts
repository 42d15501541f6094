import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import { z } from 'zod';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { isListedAdmin } from '#lib/auth/admin-role';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { endOtherSessions, requireSecondFactor } from './complete-session.ts';
import { lockUser } from './lock-user.ts';
import { parsePasskeyName } from './passkey-name.ts';
import { isPasskeyRequiredOfAdmins } from './requirement.ts';
import { enqueueSecurityNotice } from './security-notice.ts';

export type PasskeyLine = { id: string; name: string; createdAt: Date; lastUsedAt: Date | null };

export type SecondFactor = { passkeys: PasskeyLine[]; recoveryCodesLeft: number };

const LINE = { id: true, name: true, createdAt: true, lastUsedAt: true } as const;

/** The user's passkeys, the oldest first, and how many recovery codes are left. */
export async function getSecondFactor(ctx: Context): Promise<SecondFactor> {
  const { userId } = requirePerson(ctx.actor);
  const passkeys = await ctx.db.passkey.findMany({
    where: { userId },
    select: LINE,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return { passkeys, recoveryCodesLeft: await ctx.db.recoveryCode.count({ where: { userId } }) };
}

/** @throws {NotFoundError} no passkey of the user has this id */
export async function getPasskey(ctx: Context, { passkeyId }: { passkeyId: string }): Promise<PasskeyLine> {
  const { userId } = requirePerson(ctx.actor);
  const passkey = isPasskeyId(passkeyId)
    ? await ctx.db.passkey.findFirst({ where: { id: passkeyId, userId }, select: LINE })
    : null;
  if (passkey === null) throw new NotFoundError('passkey');
  return passkey;
}

/** @throws {NotFoundError} @throws {AppError} invalid `name_invalid` */
export async function renamePasskey(
  ctx: Context,
  { passkeyId, name: typed }: { passkeyId: string; name: unknown },
): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  const name = parsePasskeyName(typed);
  if (!isPasskeyId(passkeyId)) throw new NotFoundError('passkey');
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.passkey.updateMany({ where: { id: passkeyId, userId }, data: { name } });
    if (count === 0) throw new NotFoundError('passkey');
    const subject = { kind: 'passkey', id: passkeyId };
    await recordAudit(tx, { action: 'passkey.renamed', subject, personId: userId });
  });
}

/**
 * Removes a passkey, which may have been stolen, and ends every session but this one; with the last passkey the recovery codes
 * go too. The caller requires a fresh sign-in first.
 * @throws {NotFoundError} @throws {AppError} unauthenticated; conflict `last_passkey_of_admin`
 */
export async function removePasskey(
  ctx: Context,
  { passkeyId, sessionId }: { passkeyId: string; sessionId: string },
): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  if (!isPasskeyId(passkeyId)) throw new NotFoundError('passkey');
  await inTransaction(ctx, async (tx) => {
    await lockUser(tx, userId);
    const { count } = await tx.db.passkey.deleteMany({ where: { id: passkeyId, userId } });
    if (count === 0) throw new NotFoundError('passkey');
    await requireSecondFactor(tx, { sessionId, userId });
    const left = await tx.db.passkey.count({ where: { userId } });
    if (left === 0) {
      const { email } = await tx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
      // By the list and not by the role: who joins the list is an admin from the next sign-in on.
      if (isPasskeyRequiredOfAdmins() && isListedAdmin(email)) throw new AppError('conflict', 'last_passkey_of_admin');
      await tx.db.recoveryCode.deleteMany({ where: { userId } });
    }
    // Without a passkey no session is incomplete: those that never passed the second factor end here too.
    const sessions = await endOtherSessions(tx, { sessionId, userId });
    const subject = { kind: 'passkey', id: passkeyId };
    await recordAudit(tx, { action: 'passkey.removed', subject, personId: userId, after: { left, sessions } });
    await enqueueSecurityNotice(tx, { userId, notice: 'passkey_removed', eventId: uuidv4() });
  });
}

/** Whether a value from outside has the form of an id. */
export function isPasskeyId(value: unknown): boolean {
  return z.guid().safeParse(value).success;
}
