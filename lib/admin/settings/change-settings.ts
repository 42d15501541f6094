import 'server-only';
import { z } from 'zod';
import { requireAdmin } from '#lib/actor/authorise';
import { parseReason } from '#lib/admin/connection/act';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { FLOWS, getSettings, type Settings } from '#lib/settings/settings';
import { isPermission, neededBeside, type Permission } from '#lib/truelayer/permissions';

const NewSettings = z.object({
  flow: z.enum(FLOWS),
  providers: z
    .array(z.string().regex(/^[a-z0-9-]{2,60}$/))
    .min(1)
    .max(50),
  permissions: z.array(z.string().refine(isPermission)).refine(isAskable),
  reminderDays: z.array(z.number().int().min(0).max(60)).min(1).max(10),
  answerRetentionDays: z.number().int().min(0).max(400),
  callRetentionDays: z.number().int().min(7).max(800),
  historyRetentionDays: z.number().int().min(30).max(3650),
});

export type NewSettings = z.input<typeof NewSettings>;

/**
 * What is asked of people and banks from now on, in every process: nobody keeps settings, everybody reads them.
 * @throws {AppError} invalid `<field>_invalid`, `direct_not_approved`, `reason_too_short`
 */
export async function changeSettings(ctx: Context, input: { settings: NewSettings; reason: string }): Promise<void> {
  requireAdmin(ctx.actor);
  const settings = parseSettings(input.settings);
  const reason = parseReason(input.reason);
  await inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`select pg_advisory_xact_lock(hashtext('settings'))`;
    const before = await getSettings(tx);
    const changed = namesThatDiffer(before, settings);
    if (changed.length === 0) return;
    const updatedAt = tx.clock.now();
    await tx.db.setting.upsert({
      where: { key: 'settings' },
      create: { key: 'settings', value: settings, updatedAt },
      update: { value: settings, updatedAt },
      select: { key: true },
    });
    if (changed.includes('reminderDays')) await planRemindersAnew(tx);
    await recordAudit(tx, {
      action: 'settings.changed',
      subject: { kind: 'settings', id: 'settings' },
      before: pick(before, changed),
      after: pick(settings, changed),
      typedReason: reason,
    });
  });
}

/** Whoever has had the last of the old days' reminders may be due for one of the new. */
async function planRemindersAnew({ db, clock }: Context): Promise<void> {
  await db.connection.updateMany({
    where: { endedAt: null, consentExpiresAt: { not: null } },
    data: { nextReminderAt: clock.now() },
  });
}

type Parsed = z.output<typeof NewSettings>;

function parseSettings(input: NewSettings): Parsed {
  const parsed = NewSettings.safeParse({
    ...input,
    providers: [...new Set(input.providers)],
    reminderDays: [...new Set(input.reminderDays)].sort((one, other) => other - one),
  });
  if (!parsed.success) throw new AppError('invalid', `${toSnake(parsed.error.issues[0]?.path[0])}_invalid`);
  const { environment, isConsentApproved } = env().trueLayer;
  if (parsed.data.flow === 'direct' && environment === 'live' && !isConsentApproved) {
    throw new AppError('invalid', 'direct_not_approved');
  }
  return parsed.data;
}

/** Something that can be read, and nothing without what it needs beside it. */
function isAskable(permissions: readonly string[]): boolean {
  const asked = permissions.filter(isPermission);
  const hasNeeds = (permission: Permission) =>
    neededBeside[permission].length === 0 || neededBeside[permission].some((need) => asked.includes(need));
  return (asked.includes('accounts') || asked.includes('cards')) && asked.every(hasNeeds);
}

function namesThatDiffer(before: Settings, after: Parsed): (keyof Parsed)[] {
  const names = Object.keys(after) as (keyof Parsed)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function pick(from: Settings | Parsed, names: readonly (keyof Parsed)[]) {
  return JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, from[name]]))));
}

function toSnake(name: unknown): string {
  return String(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
