import 'server-only';
import { randomInt } from 'node:crypto';
import { v4 as uuidv4 } from 'uuid';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { hashOf } from '#lib/crypto/secret';
import { AppError } from '#lib/errors/app-error';
import { endOtherSessions, requireSecondFactor } from './complete-session.ts';
import { lockUser } from './lock-user.ts';
import { enqueueSecurityNotice } from './security-notice.ts';

export const RECOVERY_CODE_COUNT = 10;
/** 24 characters of 5 bits: ASVS 5 (6.5.2) allows a plain hash from 112 bits on. */
const CODE_LENGTH = 24;
/** Crockford's base 32, which has no I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Replaces the user's recovery codes and ends every session but this one. The codes are returned here and can never be read again. The caller requires a fresh
 * sign-in first.
 * @throws {AppError} unauthenticated; conflict `no_passkey`
 */
export async function replaceRecoveryCodes(ctx: Context, { sessionId }: { sessionId: string }): Promise<string[]> {
  const { userId } = requirePerson(ctx.actor);
  return inTransaction(ctx, async (tx) => {
    await lockUser(tx, userId);
    const passkeys = await tx.db.passkey.count({ where: { userId } });
    if (passkeys === 0) throw new AppError('conflict', 'no_passkey');
    await requireSecondFactor(tx, { sessionId, userId });
    await endOtherSessions(tx, { sessionId, userId });
    await enqueueSecurityNotice(tx, { userId, notice: 'recovery_codes_created', eventId: uuidv4() });
    return createRecoveryCodes(tx);
  });
}

/** Stores new codes for the user who acts, in a transaction that has locked the user. */
export async function createRecoveryCodes(tx: Context): Promise<string[]> {
  const { userId } = requirePerson(tx.actor);
  const codes = Array.from({ length: RECOVERY_CODE_COUNT }, createCode);
  const createdAt = new Date();
  await tx.db.recoveryCode.deleteMany({ where: { userId } });
  await tx.db.recoveryCode.createMany({
    data: codes.map((code) => ({ userId, codeHash: recoveryCodeHashOf(code), createdAt })),
  });
  const subject = { kind: 'person', id: userId };
  await recordAudit(tx, { action: 'recovery_codes.created', subject, personId: userId });
  return codes;
}

/** Reads a code as people type it: any case, with or without separators, the letters O, I and L for the digits. */
export function recoveryCodeHashOf(typed: string): Buffer<ArrayBuffer> {
  const code = typed
    .slice(0, 100)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return hashOf(code);
}

function createCode(): string {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return code.replace(/(.{6})(?=.)/g, '$1-');
}
