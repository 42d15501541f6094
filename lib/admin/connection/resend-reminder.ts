import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { isSeenTo } from '#lib/connections/reminders/plan-reminders';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { daysLeft } from '#lib/format/days-left';
import { type ActionInput, actOnConnection } from './act.ts';

/**
 * Plans one more reminder of the coming end; a job sends it within a minute. Never two on one day, and none to somebody who
 * wants none or has seen to it: the sender looks once more.
 * @throws {AppError} conflict `nothing_to_remind_of`, `reminders_unwanted`, `reminded_today`
 */
export function resendReminder(ctx: Context, input: ActionInput): Promise<void> {
  return actOnConnection(ctx, input, {
    name: 'connection.reminder_asked',
    work: async (tx, { id, status }) => {
      const now = tx.clock.now();
      const row = await tx.db.connection.findUniqueOrThrow({
        where: { id },
        select: {
          consentExpiresAt: true,
          endPendingSince: true,
          endedAt: true,
          revokingSince: true,
          tokens: { where: { role: 'incoming', questionedAt: null }, select: { id: true } },
          user: { select: { wantsReminders: true, leavingAt: true } },
        },
      });
      const { consentExpiresAt, user } = row;
      if (consentExpiresAt === null || consentExpiresAt <= now || isSeenTo(row, now)) {
        throw new AppError('conflict', 'nothing_to_remind_of', { fields: { status } });
      }
      if (!user.wantsReminders || user.leavingAt !== null) throw new AppError('conflict', 'reminders_unwanted');
      const reminder = {
        connectionId: id,
        kind: 'ends',
        daysBefore: daysLeft(consentExpiresAt, now),
        consentEndsAt: consentExpiresAt,
      };
      const { count } = await tx.db.reminder.createMany({
        data: [{ id: uuidv7(), ...reminder, state: 'planned', plannedAt: now, tryAfter: now }],
        skipDuplicates: true,
      });
      if (count === 0 && !(await planAgain(tx, reminder, now))) throw new AppError('conflict', 'reminded_today');
    },
  });
}

type Key = { connectionId: string; kind: string; daysBefore: number; consentEndsAt: Date };

/** Today's own, where it surely didn't go out. */
async function planAgain(tx: Context, key: Key, now: Date): Promise<boolean> {
  const { count } = await tx.db.reminder.updateMany({
    where: { ...key, state: { in: ['failed', 'dropped'] } },
    data: { state: 'planned', tries: 0, code: null, tryAfter: now },
  });
  return count === 1;
}
