import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { sendMail } from '#lib/mail/send-mail';
import { wasNotTaken } from '#lib/mail/was-not-taken';
import { addMs, MINUTE_MS } from '#lib/time/span';
import { isSeenTo } from './plan-reminders.ts';
import { reminderMail } from './reminder-mail.ts';

const BATCH = 100;
/** Longer than handing over a mail may take: whoever claimed it and hasn't noted an end by then is dead. */
const CLAIM_MS = 10 * MINUTE_MS;
const TRIES = 6;

const REMINDER = {
  id: true,
  kind: true,
  daysBefore: true,
  consentEndsAt: true,
  tries: true,
  connection: {
    select: {
      id: true,
      bankName: true,
      userId: true,
      consentExpiresAt: true,
      endPendingSince: true,
      endedAt: true,
      statusReason: true,
      revokingSince: true,
      replacedBy: {
        select: { id: true, endedAt: true, statusReason: true, consentExpiresAt: true, endPendingSince: true },
      },
      tokens: { where: { role: 'incoming', questionedAt: null }, select: { id: true } },
      user: { select: { email: true, wantsReminders: true, leavingAt: true } },
    },
  },
} satisfies Prisma.ReminderSelect;

export type ReminderRow = Prisma.ReminderGetPayload<{ select: typeof REMINDER }>;

/**
 * Sends what is planned. Each is claimed and committed before it is handed over, so that of two workers one sends it, and one
 * that dies in between leaves a mail that may have gone out: that one is never sent again.
 */
export async function sendReminders(ctx: Context, signal?: AbortSignal): Promise<number> {
  requireSystem(ctx.actor);
  await giveUpOnTheDead(ctx);
  const rows = await ctx.db.reminder.findMany({
    where: { state: 'planned', tryAfter: { lte: ctx.clock.now() } },
    select: { id: true },
    orderBy: { tryAfter: 'asc' },
    take: BATCH,
  });
  let sent = 0;
  for (const { id } of rows) {
    if (signal?.aborted === true) break;
    if (await sendOneWith(ctx, id, sendMail)) sent++;
  }
  return sent;
}

async function giveUpOnTheDead(ctx: Context): Promise<void> {
  const { count } = await ctx.db.reminder.updateMany({
    where: { state: 'sending', claimedAt: { lt: addMs(ctx.clock.now(), -CLAIM_MS) } },
    data: { state: 'unknown', code: 'sender_died' },
  });
  if (count > 0) ctx.log.warn({ event: 'reminder.unknown', count }, 'mails that may or may not have gone out');
}

/** `send` hands one mail over, or rejects. */
export async function sendOneWith(ctx: Context, id: string, send: typeof sendMail): Promise<boolean> {
  const row = await claim(ctx, id);
  if (row === null) return false;
  try {
    await send(reminderMail(row, ctx.clock.now()));
  } catch (error) {
    await noteFailure(ctx, row, error);
    return false;
  }
  await inTransaction(ctx, async (tx) => {
    const sentAt = tx.clock.now();
    await tx.db.reminder.updateMany({ where: { id, state: 'sending' }, data: { state: 'sent', sentAt } });
    await recordAudit(tx, {
      action: row.kind === 'ends' ? 'reminder.sent' : 'reminder.all_clear_sent',
      subject: { kind: 'connection', id: row.connection.id },
      connectionId: row.connection.id,
      personId: row.connection.userId,
      after: { daysBefore: row.daysBefore, consentEndsAt: row.consentEndsAt.toISOString() },
    });
  });
  return true;
}

/** Takes it, if it is still wanted: decided under the connection's lock, so that a renewal just now is seen. */
async function claim(ctx: Context, id: string): Promise<ReminderRow | null> {
  return inTransaction(ctx, async (tx) => {
    await tx.db.$queryRaw`
      select c.id from connections c join reminders r on r.connection_id = c.id where r.id = ${id}::uuid for update of c`;
    const row = await tx.db.reminder.findUnique({ where: { id }, select: REMINDER });
    if (row === null) return null;
    const isWanted = isStillTrue(row, tx.clock.now());
    const { count } = await tx.db.reminder.updateMany({
      where: { id, state: 'planned' },
      data: isWanted
        ? { state: 'sending', claimedAt: tx.clock.now(), tries: { increment: 1 } }
        : { state: 'dropped', code: 'not_wanted' },
    });
    return isWanted && count === 1 ? row : null;
  });
}

function isStillTrue({ kind, consentEndsAt, connection }: ReminderRow, now: Date): boolean {
  const { user, consentExpiresAt } = connection;
  if (!user.wantsReminders || user.leavingAt !== null) return false;
  if (kind !== 'ends') return true;
  return !isSeenTo(connection, now) && consentExpiresAt?.getTime() === consentEndsAt.getTime();
}

/** Only what the server surely didn't take is tried again; with anything else the person may have the mail already. */
async function noteFailure(ctx: Context, row: ReminderRow, error: unknown): Promise<void> {
  const isSafe = wasNotTaken(error);
  const state = !isSafe ? 'unknown' : row.tries + 1 >= TRIES ? 'failed' : 'planned';
  await ctx.db.reminder.updateMany({
    where: { id: row.id, state: 'sending' },
    data: {
      state,
      code: isSafe ? 'not_taken' : 'answer_lost',
      ...(state === 'planned' ? { tryAfter: addMs(ctx.clock.now(), 2 ** row.tries * MINUTE_MS) } : {}),
    },
  });
  ctx.log.warn({ event: 'reminder.not_sent', reminderId: row.id, state, error }, 'a reminder was not handed over');
}
