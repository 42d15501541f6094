import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { requireSystem } from '#lib/actor/authorise';
import { isEndPending } from '#lib/connections/status';
import { type Context, inTransaction } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { getSettings } from '#lib/settings/settings';
import { addMs, HOUR_MS } from '#lib/time/span';
import { decideSteps, type Steps } from './due-step.ts';

const BATCH = 200;
/** A renewal that hasn't proved itself may yet come to nothing: so often it is looked whether it did. */
const LOOK_AGAIN_MS = HOUR_MS;

const PLANNED = {
  id: true,
  consentExpiresAt: true,
  endPendingSince: true,
  endedAt: true,
  revokingSince: true,
  user: { select: { wantsReminders: true, leavingAt: true } },
  reminders: { select: { kind: true, consentEndsAt: true, state: true } },
  tokens: { where: { role: 'incoming', questionedAt: null }, select: { id: true } },
} satisfies Prisma.ConnectionSelect;

type Row = Prisma.ConnectionGetPayload<{ select: typeof PLANNED }>;

/** Looks at every connection whose time to be looked at has come, and plans the mail that is due. Nothing is sent here. */
export async function planReminders(ctx: Context, signal?: AbortSignal): Promise<number> {
  requireSystem(ctx.actor);
  const { reminderDays } = await getSettings(ctx);
  let total = 0;
  for (;;) {
    const ids = await listDue(ctx);
    if (ids.length === 0 || signal?.aborted === true) return total;
    for (const id of ids) await inTransaction(ctx, (tx) => plan(tx, id, reminderDays));
    total += ids.length;
  }
}

async function listDue(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.connection.findMany({
    where: { nextReminderAt: { lte: ctx.clock.now() } },
    select: { id: true },
    orderBy: { nextReminderAt: 'asc' },
    take: BATCH,
  });
  return rows.map(({ id }) => id);
}

async function plan(ctx: Context, connectionId: string, steps: readonly number[]): Promise<void> {
  await ctx.db.$queryRaw`select id from connections where id = ${connectionId}::uuid for update`;
  const row = await ctx.db.connection.findUnique({ where: { id: connectionId }, select: PLANNED });
  if (row === null) return;
  const isWanted = row.user.wantsReminders && row.user.leavingAt === null;
  if (isWanted) await planAllClear(ctx, row);
  const { consentExpiresAt } = row;
  const { due, nextAt } = isWanted ? stepsOf(row, steps, ctx.clock.now()) : NOTHING;
  if (due !== null && consentExpiresAt !== null) {
    await add(ctx, { connectionId, kind: 'ends', daysBefore: due, consentEndsAt: consentExpiresAt });
  }
  await ctx.db.connection.update({
    where: { id: connectionId },
    data: { nextReminderAt: nextAt },
    select: { id: true },
  });
}

const NOTHING: Steps = { due: null, nextAt: null };

function stepsOf(row: Row, steps: readonly number[], now: Date): Steps {
  const { consentExpiresAt, endedAt, revokingSince } = row;
  if (consentExpiresAt === null || endedAt !== null || revokingSince !== null) return NOTHING;
  if (isSeenTo(row, now)) return { due: null, nextAt: addMs(now, LOOK_AGAIN_MS) };
  return decideSteps(consentExpiresAt, steps, now);
}

/** Renewed, stopped, or on the way to either: there is nothing left to remind of. */
export function isSeenTo(
  row: Pick<Row, 'endedAt' | 'revokingSince' | 'consentExpiresAt' | 'endPendingSince' | 'tokens'>,
  now: Date,
): boolean {
  return row.endedAt !== null || row.revokingSince !== null || isEndPending(row, now) || row.tokens.length > 0;
}

/** Whoever was reminded of an end hears once that it is seen to. */
async function planAllClear(ctx: Context, row: Row): Promise<void> {
  const now = ctx.clock.now();
  const isOver = row.endedAt !== null || isEndPending(row, now);
  const reminded = row.reminders
    .filter(({ kind, state }) => kind === 'ends' && (state === 'sent' || state === 'unknown' || state === 'sending'))
    .filter(({ consentEndsAt }) => isOver || (row.consentExpiresAt !== null && row.consentExpiresAt > consentEndsAt))
    .map(({ consentEndsAt }) => consentEndsAt.getTime());
  if (reminded.length === 0) return;
  // One for the latest end that was reminded of: of older ones there was one then.
  const consentEndsAt = new Date(Math.max(...reminded));
  await add(ctx, { connectionId: row.id, kind: 'all_clear', daysBefore: 0, consentEndsAt });
}

type NewReminder = { connectionId: string; kind: 'ends' | 'all_clear'; daysBefore: number; consentEndsAt: Date };

/** The unique key lets each in once, however often and by however many it is planned. */
async function add(ctx: Context, reminder: NewReminder): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.reminder.createMany({
    data: [{ id: uuidv7(), ...reminder, state: 'planned', plannedAt: now, tryAfter: now }],
    skipDuplicates: true,
  });
}
