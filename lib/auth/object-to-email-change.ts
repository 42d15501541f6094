import 'server-only';
import { z } from 'zod';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { isSameSecret, keyedHashOf } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { layOut } from '#lib/mail/layout';
import { sendMail } from '#lib/mail/send-mail';
import { changeEmail, isEmailTaken, OBJECTION_DAYS } from './change-email.ts';

/** Tells the old address that the account has another one now, and how to object. Safe to run twice: the link is the same. */
export async function notifyOldEmail(ctx: Context, { emailChangeId }: { emailChangeId: string }): Promise<void> {
  requireSystem(ctx.actor);
  const change = await ctx.db.emailChange.findUnique({
    where: { id: emailChangeId, changedAt: { not: null }, expiresAt: { gt: new Date() } },
    select: { oldEmail: true, newEmail: true },
  });
  if (change === null) return;
  const { company, appUrl } = env();
  const url = new URL('/email-change/object', appUrl);
  url.searchParams.set('token', objectionToken(emailChangeId));
  const subject = `The email address of your ${company.name} account was changed`;
  const parts = {
    heading: subject,
    paragraphs: [
      `Your account now uses ${maskEmail(change.newEmail)}. Sign-in links and reminders go there, and no longer to this address.`,
      `If you did not change it, object within ${OBJECTION_DAYS} days: this address is restored and everybody is signed out of your account.`,
    ],
    action: { label: 'I did not change it', url: url.href },
    footer: ['If you changed the address yourself, there is nothing to do.'],
  };
  await sendMail({ to: change.oldEmail, subject, ...layOut(parts) });
}

/** Whether an objection can still be made with this token. Changes nothing. */
export async function canObject(ctx: Context, token: string): Promise<boolean> {
  const id = readToken(token);
  if (id === null) return false;
  return (
    (await ctx.db.emailChange.count({ where: { id, changedAt: { not: null }, expiresAt: { gt: new Date() } } })) > 0
  );
}

/**
 * Undoes a change of address, and every later one, on behalf of the holder of the old address; signs everybody out of the account.
 * @returns whether the old address was restored; false when another user has it by now
 * @throws {AppError} not_found (`objection_over`) when the token was used, has expired or is not ours
 */
export async function objectToEmailChange(ctx: Context, token: string): Promise<boolean> {
  const id = readToken(token);
  if (id === null) throw new AppError('not_found', 'objection_over');
  return inTransaction(ctx, async (tx) => {
    const [change] = await tx.db.$queryRaw<{ user_id: string; old_email: string; changed_at: Date }[]>`
      delete from email_changes where id = ${id}::uuid and changed_at is not null and expires_at > ${new Date()}
      returning user_id, old_email, changed_at`;
    if (change === undefined) throw new AppError('not_found', 'objection_over');
    const { user_id: userId, old_email: email, changed_at: changedAt } = change;
    // Whoever made a later change must not undo the objection by objecting to that one.
    const later = { OR: [{ changedAt: { gte: changedAt } }, { changedAt: null }] };
    await tx.db.emailChange.deleteMany({ where: { userId, ...later } });
    const isFree = !(await isEmailTaken(tx, { email, userId }));
    if (isFree) {
      const current = await tx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
      await changeEmail(tx, { userId, from: current.email, to: email });
    }
    const { count: sessions } = await tx.db.session.deleteMany({ where: { userId } });
    const person = { subject: { kind: 'person', id: userId }, personId: userId };
    const after = { restored: isFree, sessions };
    await recordAudit(tx, { action: 'user.email_change_objected', ...person, after });
    return isFree;
  });
}

/** `n…@example.com`: enough to recognise one's own address, and not to learn somebody else's. */
function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}

/** The id of the change, and a proof that we made it. The database alone does not give the proof. */
export function objectionToken(emailChangeId: string): string {
  return `${emailChangeId}.${proofOf(emailChangeId).toString('base64url')}`;
}

function readToken(token: string): string | null {
  const [id = '', proof = ''] = token.split('.', 2);
  if (!z.guid().safeParse(id).success) return null;
  return isSameSecret(Buffer.from(proof, 'base64url'), proofOf(id)) ? id : null;
}

function proofOf(emailChangeId: string): Buffer {
  return keyedHashOf('objection to a change of address', emailChangeId);
}
