import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { examineApp } from '#lib/doctor/examine-app';
import { examineTrueLayer } from '#lib/doctor/examine-truelayer';
import type { Finding } from '#lib/doctor/finding';
import { type Limit, takeFromLimit } from '#lib/limits/take';

export type CheckFinding = Finding;
export type TrueLayerCheck = { outcome: 'checked'; findings: CheckFinding[] } | { outcome: 'timed_out' | 'failed' };

const CHECK_TIMEOUT_MS = 25_000;
const PER_ADMIN: Limit = { name: 'live checks', times: 60, inSeconds: 3600 };

/**
 * Asks TrueLayer, the public address and the mail server what `npm run doctor` asks them. Changes nothing, and ends after
 * `timeoutMs` with whatever state that is.
 * @throws {AppError} forbidden; rate_limited
 */
export async function checkTrueLayer(
  ctx: Context,
  { timeoutMs = CHECK_TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<TrueLayerCheck> {
  const admin = requireAdmin(ctx.actor);
  await takeFromLimit(PER_ADMIN, admin.userId);
  const timeout = Promise.withResolvers<TrueLayerCheck>();
  const timer = setTimeout(() => timeout.resolve({ outcome: 'timed_out' }), timeoutMs);
  try {
    return await Promise.race([examine(ctx), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function examine(ctx: Context): Promise<TrueLayerCheck> {
  try {
    const [trueLayer, app] = await Promise.all([examineTrueLayer(ctx, { isDatabaseReadable: true }), examineApp()]);
    return { outcome: 'checked', findings: [...trueLayer, ...app] };
  } catch (error) {
    ctx.log.error({ event: 'settings.check_failed', error }, 'the live check of the settings failed');
    return { outcome: 'failed' };
  }
}
