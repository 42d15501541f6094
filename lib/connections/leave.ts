import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { eraseTypedReasons } from '#lib/audit/typed-reasons';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { createReference } from './attempt.ts';
import { finishLeaving } from './finish-leaving.ts';
import { finishStop } from './finish-stop.ts';
import { stopSharing } from './stop-sharing.ts';

export type Left = { reference: string; isDone: boolean };

/**
 * The person leaves: every bank is stopped and erased, they are signed out everywhere, and nothing names them any more from
 * this moment on. What TrueLayer has to be told first is finished by jobs, and then the last of it is removed.
 * @throws {AppError} conflict when they are leaving already
 */
export async function leave(ctx: Context): Promise<Left> {
  const { userId } = requirePerson(ctx.actor);
  const reference = createReference();
  const open = await inTransaction(ctx, async (tx) => {
    const { email } = await tx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
    const { count } = await tx.db.user.updateMany({
      where: { id: userId, leavingAt: null },
      data: {
        leavingAt: tx.clock.now(),
        leavingReference: reference,
        email: `${userId}@left.invalid`,
        name: null,
        emailVerifiedAt: null,
        wantsReminders: false,
        role: 'user',
      },
    });
    if (count === 0) throw new AppError('conflict', 'already_leaving');
    await eraseTypedReasons(tx, userId);
    await tx.db.supportGrant.deleteMany({ where: { userId } });
    await recordAudit(tx, { action: 'person.leaving', subject: { kind: 'person', id: userId }, personId: userId });
    const connections = await tx.db.connection.findMany({
      where: { userId, endedAt: null },
      select: { id: true, revokingSince: true },
      orderBy: { id: 'asc' },
    });
    for (const { id, revokingSince } of connections) {
      if (revokingSince === null) await stopSharing(tx, { connectionId: id, choice: 'erase' });
    }
    await tx.db.session.deleteMany({ where: { userId } });
    await tx.db.passkey.deleteMany({ where: { userId } });
    await tx.db.recoveryCode.deleteMany({ where: { userId } });
    await tx.db.signInAccount.deleteMany({ where: { userId } });
    await tx.db.signInLink.deleteMany({ where: { email } });
    await tx.db.emailChange.deleteMany({ where: { userId } });
    return connections;
  });
  return { reference, isDone: await finishNow(ctx, userId, open) };
}

/** Most leave while everything answers: then nothing is left for a job. */
async function finishNow(ctx: Context, userId: string, open: readonly { id: string }[]): Promise<boolean> {
  try {
    for (const { id } of open) await finishStop(ctx, id);
    return await finishLeaving(actingAs(ctx, { kind: 'system', job: 'leave' }), userId);
  } catch (error) {
    ctx.log.warn({ event: 'leave.unfinished', error }, 'somebody leaves and a job has to finish it');
    return false;
  }
}
