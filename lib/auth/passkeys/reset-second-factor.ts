import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { lockUser } from './lock-user.ts';
import { enqueueSecurityNotice } from './security-notice.ts';

const REASON_LENGTH = { min: 10, max: 500 };

/**
 * Removes every passkey and recovery code of a user who has lost them, and the identities at the OpenID Connect provider, one
 * of which somebody else may have linked, and ends all sessions. For an operator, who has checked who is asking: from then on whoever reads the user's email can sign in and add a passkey.
 * @throws {NotFoundError} @throws {AppError} forbidden; invalid `reason_invalid`
 */
export async function resetSecondFactor(
  ctx: Context,
  { email, reason: typed }: { email: string; reason: string },
): Promise<{ passkeys: number; recoveryCodes: number; identities: number; sessions: number }> {
  requireSystem(ctx.actor);
  const reason = typed.trim();
  if (reason.length < REASON_LENGTH.min || reason.length > REASON_LENGTH.max) {
    throw new AppError('invalid', 'reason_invalid');
  }
  return inTransaction(ctx, async (tx) => {
    const user = await tx.db.user.findUnique({ where: { email: email.trim().toLowerCase() }, select: { id: true } });
    if (user === null) throw new NotFoundError('user');
    const userId = user.id;
    await lockUser(tx, userId);
    const removed = {
      passkeys: (await tx.db.passkey.deleteMany({ where: { userId } })).count,
      recoveryCodes: (await tx.db.recoveryCode.deleteMany({ where: { userId } })).count,
      identities: (await tx.db.signInAccount.deleteMany({ where: { userId } })).count,
      sessions: (await tx.db.session.deleteMany({ where: { userId } })).count,
    };
    const subject = { kind: 'person', id: userId };
    await recordAudit(tx, {
      action: 'user.second_factor_reset',
      subject,
      personId: userId,
      after: removed,
      typedReason: reason,
    });
    await enqueueSecurityNotice(tx, { userId, notice: 'second_factor_reset', eventId: uuidv4() });
    return removed;
  });
}
