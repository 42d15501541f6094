import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { storeEnrichments } from './store-enrichments.ts';
import { storeSeries } from './store-series.ts';

/** The accounts of one sync are enriched one after another. */
const TRANSFERS_AFTER_SECONDS = 5;

/**
 * Brings what is worked out about an account up to its rows as they are: names and categories of what is new or changed, then
 * what comes round. Transfers are matched afterwards, once for all of the person's accounts. Twice is the same as once.
 */
export async function enrichAccount(
  ctx: Context,
  { accountId, signal }: { accountId: string; signal?: AbortSignal },
): Promise<{ rows: number }> {
  requireSystem(ctx.actor);
  const account = await ctx.db.bankAccount.findUnique({
    where: { id: accountId },
    select: { userId: true, joinedIntoId: true },
  });
  if (account === null) return { rows: 0 };
  const rows = await storeEnrichments(ctx, accountId, signal);
  if (signal?.aborted === true) return { rows };
  const { userId, joinedIntoId } = account;
  await storeSeries(ctx, joinedIntoId ?? accountId);
  await ask(ctx, 'transfers.match', { userId }, { key: userId, afterSeconds: TRANSFERS_AFTER_SECONDS });
  return { rows };
}
