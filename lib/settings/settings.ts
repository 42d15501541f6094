import 'server-only';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { type Permission, toPermissions } from '#lib/truelayer/permissions';

export const FLOWS = ['dialog', 'bank-selection', 'direct'] as const;
export type Flow = (typeof FLOWS)[number];

/** What an admin may change while everything runs. What was never changed is the environment's. */
export const StoredSettings = z
  .object({
    flow: z.enum(FLOWS),
    providers: z.array(z.string().min(1)).min(1),
    permissions: z.array(z.string()).min(1),
    reminderDays: z.array(z.number().int().min(0).max(60)),
    answerRetentionDays: z.number().int().min(0).max(400),
    callRetentionDays: z.number().int().min(7).max(800),
    historyRetentionDays: z.number().int().min(30).max(3650),
  })
  .partial();

export type Settings = {
  flow: Flow;
  providers: readonly string[];
  permissions: readonly Permission[];
  /** Days before the end of a consent on which a reminder is sent. */
  reminderDays: readonly number[];
  /** How long a bank's answers are kept, sealed, for replay. */
  answerRetentionDays: number;
  /** How long the ledger of calls is kept row by row. Never less than a week: the budget of a day counts them. */
  callRetentionDays: number;
  /** How long trips to banks, steps of the journey, mails and figures are kept. */
  historyRetentionDays: number;
};

/** Read at every use, so that a change holds at once in every process. */
export async function getSettings(ctx: Context): Promise<Settings> {
  const row = await ctx.db.setting.findUnique({ where: { key: 'settings' }, select: { value: true } });
  const stored = StoredSettings.safeParse(row?.value ?? {});
  if (!stored.success)
    ctx.log.error({ event: 'settings.unreadable', error: stored.error }, 'stored settings could not be read');
  const values = stored.success ? stored.data : {};
  return {
    flow: allowedFlow(values.flow ?? env().trueLayer.flow),
    providers: values.providers ?? env().trueLayer.providers,
    permissions: toPermissions(values.permissions ?? env().trueLayer.scopes),
    reminderDays: values.reminderDays ?? [14, 7, 3, 1, 0],
    answerRetentionDays: values.answerRetentionDays ?? 30,
    callRetentionDays: values.callRetentionDays ?? 180,
    historyRetentionDays: values.historyRetentionDays ?? 800,
  };
}

/** In live, our own consent screens count only once TrueLayer has approved them: until then its own follow ours. */
function allowedFlow(flow: Flow): Flow {
  const { environment, isConsentApproved } = env().trueLayer;
  return flow === 'direct' && environment === 'live' && !isConsentApproved ? 'bank-selection' : flow;
}
