import 'server-only';
import { changeReminders } from '#lib/connections/preferences';
import type { Context } from '#lib/context/context';
import { isSameSecret, keyedHashOf } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { NotFoundError } from '#lib/errors/app-error';

/** What a mail carries to unsubscribe by: whose it is, and a proof that we made it. It opens nothing else. */
export function unsubscribeToken(userId: string): string {
  return Buffer.concat([Buffer.from(userId.replaceAll('-', ''), 'hex'), proofOf(userId)]).toString('base64url');
}

export function unsubscribeUrl(userId: string): string {
  return `${env().appUrl}/api/unsubscribe/${unsubscribeToken(userId)}`;
}

/**
 * Whoever holds the mail may end the reminders, signed in or not; by a machine's single post (RFC 8058) as by a button.
 * @throws {NotFoundError} the token isn't one of ours
 */
export async function unsubscribe(ctx: Context, token: string): Promise<void> {
  const userId = readToken(token);
  if (userId === null) throw new NotFoundError('unsubscribe_token');
  await changeReminders(ctx, userId, { wantsReminders: false, reason: 'unsubscribed' });
}

export function isUnsubscribeToken(token: string): boolean {
  return readToken(token) !== null;
}

const ID_BYTES = 16;
const PROOF_BYTES = 16;

function readToken(token: string): string | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== ID_BYTES + PROOF_BYTES) return null;
  const hex = bytes.toString('hex', 0, ID_BYTES);
  const userId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isSameSecret(bytes.subarray(ID_BYTES), proofOf(userId)) ? userId : null;
}

function proofOf(userId: string): Uint8Array {
  return keyedHashOf('unsubscribe', userId).subarray(0, PROOF_BYTES);
}
