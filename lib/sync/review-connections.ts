import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { settleStatus } from '#lib/connections/settle-status';
import { END_PENDING_DAYS, RECONFIRM_DAYS, STALE_HOURS } from '#lib/connections/status';
import { type Context, inTransaction } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { askMany } from '#lib/queue/ask';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';

const BATCH = 200;

/**
 * Settles the statuses that only time has changed: consents that have ended or near their end, and connections that have
 * brought nothing for too long. Each is decided by the same pure function as everywhere, and audited.
 */
export async function reviewConnections(ctx: Context, signal?: AbortSignal): Promise<number> {
  requireSystem(ctx.actor);
  let total = await askForUntoldEnds(ctx);
  for (const find of [listEnded, listEnding, listStale]) {
    let ids = await find(ctx);
    while (ids.length > 0 && signal?.aborted !== true) {
      await settleAll(ctx, ids);
      total += ids.length;
      const next = await find(ctx);
      // What stays found after it was settled stays as it is: looking again would find it for ever.
      if (next.every((id) => ids.includes(id))) break;
      ids = next;
    }
  }
  return total;
}

async function settleAll(ctx: Context, ids: readonly string[]): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    // In one order everywhere, so that two who review at once wait and don't lock each other out.
    for (const id of [...ids].sort()) await settleStatus(tx, id, { reason: 'time' });
  });
}

function listEnded(ctx: Context): Promise<string[]> {
  return toIds(ctx.db.$queryRaw`
    select id from connections where consent_expires_at <= ${ctx.clock.now()}
      and status in ('pending', 'active', 'degraded', 'needs_reconfirmation', 'needs_reauthentication')
      and ${isEndKnown(ctx)}
    order by consent_expires_at limit ${BATCH}`);
}

function listEnding(ctx: Context): Promise<string[]> {
  return toIds(ctx.db.$queryRaw`
    select id from connections where consent_expires_at <= ${addMs(ctx.clock.now(), RECONFIRM_DAYS * DAY_MS)}
      and consent_expires_at > ${ctx.clock.now()} and status in ('active', 'degraded')
      and ${isEndKnown(ctx)}
    order by consent_expires_at limit ${BATCH}`);
}

function listStale(ctx: Context): Promise<string[]> {
  return toIds(ctx.db.$queryRaw`
    select id from connections where last_synced_at < ${addMs(ctx.clock.now(), -STALE_HOURS * HOUR_MS)} and status = 'active'
    order by last_synced_at limit ${BATCH}`);
}

/** As `isEndPending` decides: while a renewal is believed without a new end, its old end changes nothing. */
function isEndKnown(ctx: Context): Prisma.Sql {
  const now = ctx.clock.now();
  const since = addMs(now, -END_PENDING_DAYS * DAY_MS);
  return Prisma.sql`(end_pending_since is null or
    (end_pending_since < ${since} and (consent_expires_at < ${since} or consent_expires_at > ${now})))`;
}

/** TrueLayer tells the new end within hours, as far as is known. */
const ASKED_FOR_DAYS = 14;

/**
 * Asks for the new end of renewed consents whose old end has passed, whether or not they are shown as expired by now: after an hour at
 * first, then ever less often.
 */
async function askForUntoldEnds(ctx: Context): Promise<number> {
  const now = ctx.clock.now();
  const ids = await toIds(ctx.db.$queryRaw`
    select id from connections
    where end_pending_since is not null and ended_at is null and revoking_since is null and grant_refused_at is null
      and consent_expires_at <= ${now} and consent_expires_at > ${addMs(now, -ASKED_FOR_DAYS * DAY_MS)}
      and (consent_asked_at is null or consent_asked_at < consent_expires_at
        or consent_asked_at < ${now}::timestamptz - greatest(interval '1 hour', (${now}::timestamptz - consent_expires_at) / 4))
    order by consent_expires_at limit ${BATCH}`);
  await askMany(
    ctx,
    'consent.read',
    ids.map((connectionId) => ({ payload: { connectionId }, key: `${connectionId} end` })),
  );
  return ids.length;
}

async function toIds(rows: Promise<unknown>): Promise<string[]> {
  // Each of the queries above selects the id and nothing else.
  return ((await rows) as { id: string }[]).map(({ id }) => id);
}
