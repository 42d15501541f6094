import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { addMs, DAY_MS } from '#lib/time/span';

export const OBJECTION_DAYS = 7;

type EmailChange = { userId: string; from: string; to: string };

/** Whether somebody else than this user has the address. */
export async function isEmailTaken(
  ctx: Context,
  { email, userId }: { email: string; userId: string },
): Promise<boolean> {
  return (await ctx.db.user.findFirst({ where: { email, id: { not: userId } }, select: { id: true } })) !== null;
}

/**
 * Changes the address of a user who has proven to hold `to`, unless the address has changed meanwhile. The role ends with the
 * old address: whether the new one makes an admin is decided by the next sign-in that proves it. Open sign-in links to the
 * old address are deleted.
 * @returns whether it was changed
 * @throws a unique violation when another user has the address
 */
export async function changeEmail(ctx: Context, { userId, from, to }: EmailChange): Promise<boolean> {
  const { role } = await ctx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { role: true } });
  const { count } = await ctx.db.user.updateMany({
    where: { id: userId, email: from, leavingAt: null },
    data: { email: to, emailVerifiedAt: new Date(), role: 'user' },
  });
  if (count === 0) return false;
  await ctx.db.signInLink.deleteMany({ where: { email: from } });
  if (role === 'admin') {
    const person = { subject: { kind: 'person', id: userId }, personId: userId };
    await recordAudit(ctx, { action: 'user.role_changed', ...person, before: { role }, after: { role: 'user' } });
  }
  return true;
}

/** Until when the old address can object to a change made at `changedAt`. */
export function endOfObjection(changedAt: Date): Date {
  return addMs(changedAt, OBJECTION_DAYS * DAY_MS);
}

/**
 * The OpenID Connect provider states another verified address than before: the user's address follows, if it was the
 * provider's and nobody else has the new one. The old address gets a notice.
 * @returns whether what the provider states has been dealt with; false when another user has the address
 */
export async function followProviderEmail(ctx: Context, change: EmailChange): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const { userId, from, to } = change;
    if (await isEmailTaken(tx, { email: to, userId })) {
      tx.log.warn(
        { event: 'sign_in.provider_email_taken', userId },
        'another user has the address that the provider states',
      );
      return false;
    }
    if (!(await changeEmail(tx, change))) return true;
    const now = new Date();
    const { id } = await tx.db.emailChange.create({
      data: { userId, oldEmail: from, newEmail: to, createdAt: now, changedAt: now, expiresAt: endOfObjection(now) },
      select: { id: true },
    });
    const person = { subject: { kind: 'person', id: userId }, personId: userId };
    await recordAudit(tx, { action: 'user.email_changed', ...person, after: { method: 'oidc' } });
    await ask(tx, 'email_change.notify', { emailChangeId: id }, { key: id });
    return true;
  });
}
