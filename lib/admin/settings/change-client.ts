import 'server-only';
import { z } from 'zod';
import { requireAdmin } from '#lib/actor/authorise';
import { parseReason } from '#lib/admin/connection/act';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { saveClientCredentials } from '#lib/settings/sealed-settings';
import { createCallGate } from '#lib/sync/call-gate';
import { TrueLayerError } from '#lib/truelayer/error';
import { endOf } from './get-settings.ts';

const Client = z.object({
  clientId: z.string().trim().min(3).max(200),
  clientSecret: z.string().trim().min(8).max(500),
});

export type NewClient = z.input<typeof Client> & { reason: string };

const PER_ADMIN: Limit = { name: 'client checks', times: 20, inSeconds: 3600 };

/**
 * Another client, or another secret. TrueLayer is asked first whether it knows the pair, so that a slip of the hand doesn't
 * stop everything; only what it accepts is stored, sealed, and no page ever shows it again.
 * @throws {AppError} invalid `client_malformed`, `client_refused`, `client_of_other_environment`, `reason_too_short`;
 * unavailable `client_not_checked`; rate_limited
 */
export async function changeClient(ctx: Context, input: NewClient): Promise<void> {
  const admin = requireAdmin(ctx.actor);
  const reason = parseReason(input.reason);
  const parsed = Client.safeParse(input);
  if (!parsed.success) throw new AppError('invalid', 'client_malformed');
  const client = parsed.data;
  refuseOtherEnvironment(client.clientId);
  await takeFromLimit(PER_ADMIN, admin.userId);
  await refuseUnlessAccepted(ctx, client);
  await inTransaction(ctx, async (tx) => {
    await saveClientCredentials(tx, client);
    await recordAudit(tx, {
      action: 'settings.client_changed',
      subject: { kind: 'settings', id: `truelayer_client:${env().trueLayer.environment}` },
      after: { clientIdEnd: endOf(client.clientId) },
      typedReason: reason,
    });
  });
}

/** TrueLayer's ids of sandbox clients begin so, and those of live ones don't. */
function refuseOtherEnvironment(clientId: string): void {
  const { environment } = env().trueLayer;
  const isSandboxId = clientId.startsWith('sandbox-');
  if ((environment === 'live' && isSandboxId) || (environment === 'sandbox' && !isSandboxId)) {
    throw new AppError('invalid', 'client_of_other_environment');
  }
}

async function refuseUnlessAccepted(ctx: Context, client: z.output<typeof Client>): Promise<void> {
  const gate = createCallGate(ctx, { connectionId: null, bankId: null });
  let verdict: 'ok' | 'invalid';
  try {
    verdict = await trueLayer().verifyClient(client, { gate });
  } catch (error) {
    if (!(error instanceof TrueLayerError)) throw error;
    throw new AppError('unavailable', 'client_not_checked', { fields: { code: error.code } });
  }
  if (verdict === 'invalid') throw new AppError('invalid', 'client_refused');
}
