import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { askMany } from '#lib/queue/ask';
import { addMs, MINUTE_MS } from '#lib/time/span';

const BATCH = 500;
/** Batches in one go; what is left is due again in the next minute. */
const MOST_BATCHES = 20;
/** A sync that never reports back is due again after this. */
const REDO_MS = 45 * MINUTE_MS;

/**
 * Asks for a sync of every connection that is due. Choosing and asking are one transaction, and a row that somebody else is
 * choosing is passed over: any number of workers may do this at once.
 */
export async function dispatchDue(ctx: Context): Promise<number> {
  requireSystem(ctx.actor);
  let total = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const count = await inTransaction(ctx, dispatchBatch);
    total += count;
    if (count < BATCH) break;
  }
  return total;
}

async function dispatchBatch(ctx: Context): Promise<number> {
  const ids = await claimDue(ctx, BATCH);
  await askMany(
    ctx,
    'connection.sync',
    ids.map((connectionId) => ({ payload: { connectionId }, key: connectionId })),
  );
  return ids.length;
}

/** The longest due first. */
export async function claimDue(ctx: Context, limit: number): Promise<string[]> {
  const now = ctx.clock.now();
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    update connections c set next_sync_at = ${addMs(now, REDO_MS)}
    from (
      select id from connections where next_sync_at <= ${now} order by next_sync_at limit ${limit} for update skip locked
    ) due
    where c.id = due.id returning c.id`;
  return rows.map(({ id }) => id);
}
