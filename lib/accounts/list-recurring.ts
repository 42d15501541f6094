import 'server-only';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { dayOf } from '#lib/time/day';
import { loadRules } from './load-rules.ts';
import { requireAccount } from './own-account.ts';

export type RecurringLine = {
  id: string;
  name: string;
  cadence: string;
  /** Seen from the person's purse. Where it isn't steady, the middle one of the last few. */
  amount: string;
  isAmountSteady: boolean;
  currency: string;
  occurrences: number;
  firstOn: string;
  lastOn: string;
  nextOn: string;
  reason: string;
  isDismissed: boolean;
};

const LINE = {
  id: true,
  seriesKey: true,
  merchantName: true,
  cadence: true,
  amount: true,
  isAmountSteady: true,
  currency: true,
  occurrences: true,
  firstOn: true,
  lastOn: true,
  nextOn: true,
  reason: true,
  dismissedAt: true,
} satisfies Prisma.RecurringPaymentSelect;

/**
 * The recurring payments found in an account, the next first, under the names that the user gave their merchants.
 * @throws {NotFoundError}
 */
export async function listRecurring(ctx: Context, { accountId }: { accountId: string }): Promise<RecurringLine[]> {
  const { id } = await requireAccount(ctx, accountId);
  const rows = await ctx.db.recurringPayment.findMany({
    where: { accountId: id },
    select: LINE,
    orderBy: [{ nextOn: 'asc' }, { seriesKey: 'asc' }],
  });
  const keyOf = ({ seriesKey }: { seriesKey: string }) => seriesKey.split(' ')[0] ?? '';
  const rules = await loadRules(ctx, id, rows.map(keyOf));
  return rows.map((row) => ({
    id: row.id,
    name: rules.get(keyOf(row))?.merchantName ?? row.merchantName,
    cadence: row.cadence,
    amount: row.amount.toFixed(),
    isAmountSteady: row.isAmountSteady,
    currency: row.currency,
    occurrences: row.occurrences,
    firstOn: dayOf(row.firstOn),
    lastOn: dayOf(row.lastOn),
    nextOn: dayOf(row.nextOn),
    reason: row.reason,
    isDismissed: row.dismissedAt !== null,
  }));
}
