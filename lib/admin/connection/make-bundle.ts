import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { env } from '#lib/env/env';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { ClientCredentialsMissingError, getClientCredentials } from '#lib/settings/sealed-settings';
import { createDebugId, type DebugIdAnswer } from '#lib/sync/create-debug-id';
import type { SupportBundle } from './bundle.ts';
import type { ConnectionFile } from './dto.ts';
import { getConnectionFile } from './get-connection.ts';
import { listCalls } from './list-calls.ts';

const CALLS = 100;
const TRIPS = 10;
const PER_ADMIN: Limit = { name: 'support bundles', times: 60, inSeconds: 3600 };

/**
 * What TrueLayer's support asks for, of one connection: ids, times, endpoints, codes. Built field by field from what names
 * neither the person nor their money; there is no token in it to take out.
 * @throws {NotFoundError} {AppError} rate_limited
 */
export async function makeSupportBundle(ctx: Context, input: { connectionId: string }): Promise<SupportBundle> {
  const admin = requireAdmin(ctx.actor);
  const file = await getConnectionFile(ctx, input);
  await takeFromLimit(PER_ADMIN, admin.userId);
  const debug = await debugIdOf(ctx, file);
  const bundle = toBundle(ctx, file, {
    debug,
    clientId: await findClientId(ctx),
    calls: await listCalls(ctx, { connectionId: file.id, limit: CALLS }),
    trips: await listTrips(ctx, file.id),
  });
  await inTransaction(ctx, (tx) =>
    recordAudit(tx, {
      action: 'support_bundle.made',
      subject: { kind: 'connection', id: file.id },
      connectionId: file.id,
      personId: file.personId,
      after: { debugId: debug.debugId, calls: bundle.calls.length },
    }),
  );
  return bundle;
}

type Parts = Pick<SupportBundle, 'trips'> & {
  debug: DebugIdAnswer;
  clientId: string | null;
  calls: Awaited<ReturnType<typeof listCalls>>;
};

/** TrueLayer wants debug ids made only while there is a problem. */
async function debugIdOf(ctx: Context, file: ConnectionFile): Promise<DebugIdAnswer> {
  const isWell = file.status === 'active' && file.lastError === null;
  return isWell ? { debugId: null, code: 'connection_is_well' } : createDebugId(ctx, { connectionId: file.id });
}

async function findClientId(ctx: Context): Promise<string | null> {
  try {
    return (await getClientCredentials(ctx)).clientId;
  } catch (error) {
    if (error instanceof ClientCredentialsMissingError) return null;
    throw error;
  }
}

async function listTrips(ctx: Context, connectionId: string): Promise<SupportBundle['trips']> {
  const rows = await ctx.db.attempt.findMany({
    where: { connectionId },
    select: {
      createdAt: true,
      returnedAt: true,
      status: true,
      outcomeCode: true,
      rawCode: true,
      refusalDescription: true,
      trackingId: true,
      flow: true,
    },
    orderBy: { createdAt: 'desc' },
    take: TRIPS,
  });
  return rows.map((row) => ({
    at: row.createdAt.toISOString(),
    returnedAt: row.returnedAt?.toISOString() ?? null,
    flow: row.flow,
    outcome: row.outcomeCode ?? row.status,
    truelayerError: row.rawCode,
    truelayerDescription: row.refusalDescription,
    trackingId: row.trackingId,
  }));
}

function toBundle(ctx: Context, file: ConnectionFile, { debug, clientId, calls, trips }: Parts): SupportBundle {
  return {
    madeAt: ctx.clock.now().toISOString(),
    environment: env().trueLayer.environment,
    clientId,
    bank: { providerId: file.bank.id, name: file.bank.name },
    connection: {
      ourId: file.id,
      credentialsId: file.credentialsId,
      debugId: debug.debugId,
      whyNoDebugId: debug.code,
      state: file.status,
      consentStatus: file.consentStatus,
      consentCreatedAt: file.clocks.consent.startedAt?.toISOString() ?? null,
      consentExpiresAt: file.clocks.consent.endsAt?.toISOString() ?? null,
      authenticatedAt: file.clocks.authenticatedAt?.toISOString() ?? null,
      permissions: file.permissions,
      lastGoodUpdateAt: file.lastSyncedAt?.toISOString() ?? null,
      lastError: file.lastError?.code ?? null,
      lastErrorAt: file.lastError?.at?.toISOString() ?? null,
    },
    trips,
    calls: calls.map((call) => ({
      at: call.at.toISOString(),
      endpoint: call.endpoint,
      isAttended: call.isAttended,
      httpStatus: call.httpStatus,
      error: call.code,
      durationMs: call.durationMs,
      clientCorrelationId: call.correlationId,
      tlCorrelationId: call.trueLayerCorrelationId,
    })),
  };
}
