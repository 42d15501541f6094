import 'server-only';
import { storeTransfers } from '#lib/enrich/store-transfers';
import type { JobHandler } from '#lib/jobs/handler';
import { ask } from '#lib/queue/ask';
import { isWaiting } from '#lib/queue/is-waiting';

const UNTIL_ALL_ARE_ENRICHED_SECONDS = 10;

/** All of a person's rows are gone through at once, so it is done once, after the last of their accounts. */
export const matchTransfersTask: JobHandler<'transfers.match'> = async (ctx, { userId }) => {
  const accounts = await ctx.db.bankAccount.findMany({ where: { userId }, select: { id: true } });
  const ids = accounts.map(({ id }) => id);
  if (await isWaiting(ctx, 'account.enrich', ids)) {
    const later = { key: userId, afterSeconds: UNTIL_ALL_ARE_ENRICHED_SECONDS };
    return ask(ctx, 'transfers.match', { userId }, later);
  }
  await storeTransfers(ctx, { userId });
};
