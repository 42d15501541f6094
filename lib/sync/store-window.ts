import 'server-only';
import { markDuplicates } from '#lib/accounts/joining/mark-duplicates';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import { zoneOfCountry } from '#lib/time/country-zone';
import { addDays, type Day, daysBetween } from '#lib/time/day';
import type { AnswerMeta } from '#lib/truelayer/http';
import type { ParsedTransactions } from '#lib/truelayer/parse';
import { lastDayToAsk } from './account-calendar.ts';
import { keepAnswer, packAnswer } from './keep-answer.ts';
import { UNKNOWN_CURRENCY } from './known-accounts.ts';
import type { SyncAccount } from './load-connection.ts';
import { noteFirstData } from './note-first-data.ts';
import { noteAccountResource, okAt } from './note-resource.ts';
import type { StoreWork, SyncSession } from './session.ts';
import { storeSetAside } from './set-aside.ts';
import { type BookedOutcome, storeBooked } from './store-booked.ts';
import { isSuspicious, type KeptEnd, OPEN_DAYS, settleCapped, sureDays, type Window, type Yield } from './windows.ts';

export type WindowAnswer = {
  window: Window;
  result: ParsedTransactions & { meta: AnswerMeta; body: Uint8Array };
  /** A window further back than the bank's open days. */
  isDeep: boolean;
  /** By which code a wider one was refused. */
  refusedBy: string | null;
  /** It follows an answer that was suspected of being cut. */
  isRest: boolean;
  kept: KeptEnd;
};

/** What is left to be asked for, and what the answer held. */
export type StoredWindow = Pick<Yield, 'rest'> &
  Pick<BookedOutcome, 'rowCount' | 'newest' | 'rowsOnNewest'> & { isCapped: boolean };

/** A larger answer would be held in memory together with the next one. */
const MOST_BYTES_MEANWHILE = 4 << 20;

/**
 * Stores one answer of booked rows and moves the cursor over the days that it settles, in one transaction. Returns what it
 * leaves to be asked for. Where that is sure to be nothing, it is stored while the next call is under way.
 */
export async function storeWindow(
  session: SyncSession,
  account: SyncAccount,
  answer: WindowAnswer,
): Promise<StoredWindow> {
  const work = storingOf(session, account, answer);
  const { isRest, refusedBy, result } = answer;
  const decidesTheNext = isRest || refusedBy !== null || isCapped(session, answer);
  if (decidesTheNext || result.body.byteLength > MOST_BYTES_MEANWHILE) return session.store(work);
  session.storeMeanwhile(work);
  return { rest: [], rowCount: result.rowCount, newest: null, rowsOnNewest: 0, isCapped: false };
}

function isCapped({ bank }: SyncSession, { result: { rowCount } }: WindowAnswer): boolean {
  return isSuspicious({ rowCount, oldest: null, newest: null }, bank.rowsPerAnswer);
}

function storingOf(session: SyncSession, account: SyncAccount, answer: WindowAnswer): StoreWork<StoredWindow> {
  const { id: accountId } = account;
  const { window, result } = answer;
  const wasCapped = isCapped(session, answer);
  // Beside the storing, on other threads; whoever awaits it meets its failure.
  const packing = packAnswer(session, result.body);
  packing.catch(() => undefined);
  return async (tx) => {
    const today = lastDayToAsk(zoneOfCountry(session.bank.country), tx.clock.now());
    const outcome = await storeBooked(tx, {
      accountId,
      window,
      batches: result.rows,
      surely: wasCapped ? null : sureDays(window, today),
      mayBeClamped: answer.isDeep,
    });
    if (account.groupId !== null) await markDuplicates(tx, account.groupId, window);
    const { oldest, newest } = outcome;
    const settled: Yield = wasCapped
      ? settleCapped(window, { rowCount: result.rowCount, oldest, newest }, answer.kept)
      : { covered: window, rest: [], overfull: null };
    const origin = { connectionId: session.connection.id, accountId };
    const { endpoint, receivedAt } = result.meta;
    await storeSetAside(tx, { ...origin, endpoint }, outcome.setAside);
    const facts = { accountId, resource: 'transactions', window, isComplete: !wasCapped, receivedAt } as const;
    await keepAnswer(tx, origin.connectionId, await packing, facts);
    if (account.currency === UNKNOWN_CURRENCY) await settleCurrency(tx, accountId);
    if (outcome.isBelieved && settled.covered !== null) await cover(tx, accountId, settled.covered);
    if (outcome.recheck !== null && outcome.recheck.from > addDays(today, -OPEN_DAYS)) {
      await uncover(tx, accountId, outcome.recheck);
    }
    await rememberBank(tx, session, account, answer, outcome.oldest);
    await rememberLimit(tx, accountId, answer, settled);
    await noteAccountResource(tx, accountId, 'transactions', okAt(tx.clock.now()));
    await noteFirstData(tx, session);
    if (outcome.added + outcome.changed + outcome.vanished > 0) {
      await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    }
    session.tally.rowsStored += outcome.added + outcome.changed;
    session.tally.rowsSetAside += outcome.setAside.length;
    const { rowCount, rowsOnNewest } = outcome;
    return { rest: settled.rest, rowCount, newest, rowsOnNewest, isCapped: wasCapped };
  };
}

/** An account that was listed without a currency has that of most of its rows. */
async function settleCurrency(ctx: Context, accountId: string): Promise<void> {
  await ctx.db.$executeRaw`
    update accounts a set currency = most.currency, balance_currency = nullif(balance_currency, ${UNKNOWN_CURRENCY})
    from (select currency from transactions where account_id = ${accountId}::uuid and vanished_at is null
      group by currency order by count(*) desc, currency limit 1) as most
    where a.id = ${accountId}::uuid and a.currency = ${UNKNOWN_CURRENCY}`;
}

async function cover(ctx: Context, accountId: string, { from, to }: Window): Promise<void> {
  await ctx.db.$executeRaw`
    update accounts set covered = covered + datemultirange(daterange(${from}::date, ${to}::date, '[]')) where id = ${accountId}::uuid`;
}

/** Makes the days a gap, which the next window reaches back over; not where nothing is covered before them. */
async function uncover(ctx: Context, accountId: string, { from, to }: Window): Promise<void> {
  await ctx.db.$executeRaw`
    update accounts set covered = covered - datemultirange(daterange(${from}::date, ${to}::date, '[]'))
    where id = ${accountId}::uuid and covered @> (${from}::date - 1)`;
}

/** What a bank taught this customer is known to the next one: the width it takes, and how many rows it returns at once. */
async function rememberBank(
  ctx: Context,
  session: SyncSession,
  account: SyncAccount,
  answer: WindowAnswer,
  oldest: Day | null,
): Promise<void> {
  const { bank } = session;
  const { window } = answer;
  const known = account.kind === 'account' ? bank.accountHistoryDays : bank.cardHistoryDays;
  const days = daysBetween(window.from, window.to);
  const isWidthNews = answer.isDeep && !answer.isRest && (known === null || answer.refusedBy === 'invalid_date_range');
  const isCutProved = answer.isRest && bank.rowsPerAnswer === null && oldest !== null && oldest < window.to;
  if (!isCutProved && !(isWidthNews && days > OPEN_DAYS)) return;
  const learned = {
    ...(isCutProved ? { rowsPerAnswer: 100 } : {}),
    ...(isWidthNews ? (account.kind === 'account' ? { accountHistoryDays: days } : { cardHistoryDays: days }) : {}),
  };
  Object.assign(bank, learned);
  await ctx.db.bank.update({ where: { id: session.connection.bankId }, data: learned, select: { id: true } });
}

/** Why the history isn't longer, for the person to read; a deep answer without a refusal takes it back. */
async function rememberLimit(ctx: Context, accountId: string, answer: WindowAnswer, settled: Yield): Promise<void> {
  const isDeepAnswer = answer.isDeep || answer.refusedBy !== null;
  if (!isDeepAnswer && settled.overfull === null) return;
  const historyLimitCode = settled.overfull === null ? answer.refusedBy : 'rows_capped';
  await ctx.db.bankAccount.update({ where: { id: accountId }, data: { historyLimitCode }, select: { id: true } });
}
