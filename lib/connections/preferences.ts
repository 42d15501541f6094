import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';

export type Preferences = { email: string; wantsReminders: boolean; connections: number };

export async function getPreferences(ctx: Context): Promise<Preferences> {
  const { userId } = requirePerson(ctx.actor);
  const row = await ctx.db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { email: true, wantsReminders: true, _count: { select: { connections: { where: { endedAt: null } } } } },
  });
  return { email: row.email, wantsReminders: row.wantsReminders, connections: row._count.connections };
}

/** Takes effect on the very next mail; one that is being handed over already may still arrive. */
export async function setReminders(ctx: Context, { wantsReminders }: { wantsReminders: boolean }): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  await changeReminders(ctx, userId, { wantsReminders, reason: 'preferences' });
}

type Change = { wantsReminders: boolean; reason: 'preferences' | 'unsubscribed' };

export async function changeReminders(ctx: Context, userId: string, { wantsReminders, reason }: Change): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.user.updateMany({
      where: { id: userId, wantsReminders: !wantsReminders, leavingAt: null },
      data: { wantsReminders },
    });
    if (count === 0) return;
    if (wantsReminders) {
      await tx.db.connection.updateMany({ where: { userId, endedAt: null }, data: { nextReminderAt: tx.clock.now() } });
    }
    await recordAudit(tx, {
      action: 'person.reminders_changed',
      subject: { kind: 'person', id: userId },
      personId: userId,
      before: { wantsReminders: !wantsReminders },
      after: { wantsReminders },
      reason,
    });
  });
}
