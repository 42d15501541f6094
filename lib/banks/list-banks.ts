import 'server-only';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { getSettings } from '#lib/settings/settings';
import { HOUR_MS, msBetween } from '#lib/time/span';
import { planPermissions } from '#lib/truelayer/permissions';
import { BANK, type BankSummary, toBankSummary } from './dto.ts';
import { offersBank } from './provider-filter.ts';

/** The list is brought up to date every hour. Missed a few times running, it is said to be old. */
const STALE_MS = 6 * HOUR_MS;

export type BankList = {
  banks: BankSummary[];
  /** Since when TrueLayer hasn't told us a newer list, where that is long enough to be said. */
  staleSince: Date | null;
};

/**
 * The banks that can be linked now: listed, inside our filter, and able to give what we ask for. By name. It is our own copy:
 * complete also while TrueLayer is down.
 */
export async function listBanks(ctx: Context): Promise<BankList> {
  const settings = await getSettings(ctx);
  const rows = await ctx.db.bank.findMany({
    where: { isListed: true },
    select: { ...BANK, lastSeenAt: true },
    orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
  });
  const now = ctx.clock.now();
  const banks = rows.flatMap((row) => {
    if (!offersBank(settings.providers, row)) return [];
    const plan = planPermissions(settings.permissions, row.permissions);
    return plan.isUsable ? [toBankSummary(row, plan.ask, now)] : [];
  });
  const [first] = rows;
  const isStale = first !== undefined && msBetween(first.lastSeenAt, now) > STALE_MS;
  // Whoever looks again in a minute finds the list there, if TrueLayer is.
  if (isStale || first === undefined) await ask(ctx, 'banks.refresh', {}, { key: 'wanted' });
  return { banks: sortByName(banks), staleSince: isStale ? first.lastSeenAt : null };
}

/** As people look them up: capitals and accents make no difference. */
function sortByName(banks: BankSummary[]): BankSummary[] {
  const collator = new Intl.Collator('en-GB', { sensitivity: 'base' });
  return banks.sort((one, other) => collator.compare(one.name, other.name));
}
