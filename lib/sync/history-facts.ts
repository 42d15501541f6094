import 'server-only';
import { listGaps } from '#lib/accounts/list-gaps';
import { zoneOfCountry } from '#lib/time/country-zone';
import { addDays, type Day, dayOf } from '#lib/time/day';
import { lastDayToAsk } from './account-calendar.ts';
import { historyWidths } from './history-days.ts';
import type { SyncAccount } from './load-connection.ts';
import type { SyncSession } from './session.ts';
import { isSignInRecent } from './sign-in-window.ts';
import { OPEN_DAYS, type WindowFacts } from './windows.ts';

/** What is known of an account's history as it is stored now, whatever an earlier step of this run has changed. */
export async function loadHistoryFacts(session: SyncSession, account: SyncAccount): Promise<WindowFacts> {
  const { connection, ctx, bank, isAttended } = session;
  const { authenticatedAt, bankId } = connection;
  const now = ctx.clock.now();
  const today = todayOf(session);
  const hasOneCall = !isAttended && account.coveredTo === null && account.resources.get('balance') === undefined;
  const { coveredFrom, coveredTo, historyLimitCode, historyAskedAt } = await ctx.db.bankAccount.findUniqueOrThrow({
    where: { id: account.id },
    select: { coveredFrom: true, coveredTo: true, historyLimitCode: true, historyAskedAt: true },
  });
  return {
    today,
    coveredFrom: coveredFrom === null ? null : dayOf(coveredFrom),
    coveredTo: coveredTo === null ? null : dayOf(coveredTo),
    gaps: await listGaps(ctx, account.id),
    isSignInRecent: isSignInRecent(authenticatedAt, now),
    widths: historyWidths({ bankId, memory: bank, kind: account.kind }, { isAttended, now, hasOneCall }),
    isDeepDone: historyAskedAt !== null && authenticatedAt !== null && historyAskedAt >= authenticatedAt,
    isCutShort:
      historyLimitCode === 'rows_capped' && coveredFrom !== null && dayOf(coveredFrom) > addDays(today, -OPEN_DAYS),
  };
}

/** The last day that may be asked for; in the account's calendar it may be tomorrow already. */
export function todayOf({ ctx, bank }: Pick<SyncSession, 'ctx' | 'bank'>): Day {
  return lastDayToAsk(zoneOfCountry(bank.country), ctx.clock.now());
}
