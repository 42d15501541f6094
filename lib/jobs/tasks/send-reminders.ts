import 'server-only';
import { planReminders } from '#lib/connections/reminders/plan-reminders';
import { sendReminders } from '#lib/connections/reminders/send-reminders';
import type { JobHandler } from '#lib/jobs/handler';

export const sendRemindersTask: JobHandler<'reminders.send'> = async (ctx, _, signal) => {
  await planReminders(ctx, signal);
  const count = await sendReminders(ctx, signal);
  if (count > 0) ctx.log.info({ event: 'reminders.sent', count }, 'reminders sent');
};
