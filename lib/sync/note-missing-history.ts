import 'server-only';
import { startOf } from '#lib/time/day';
import { loadHistoryFacts } from './history-facts.ts';
import type { SyncAccount } from './load-connection.ts';
import type { SyncSession } from './session.ts';
import { deepestDay, wantsHistory } from './windows.ts';

/** The bank did not answer in the minutes in which it opens its history: another sign-in may bring it. */
export const HISTORY_INTERRUPTED = 'history_interrupted';

/** Writes down, for the user to be told, from which day on transactions are missing. A later answer takes it back. */
export async function noteMissingHistory(session: SyncSession, account: SyncAccount): Promise<void> {
  await session.finishStoring();
  const facts = await loadHistoryFacts(session, account);
  if (!wantsHistory(facts)) return;
  const data = { historyLimitCode: HISTORY_INTERRUPTED, historyMissingFrom: startOf(deepestDay(facts)) };
  await session.ctx.db.bankAccount.update({ where: { id: account.id }, data, select: { id: true } });
}
