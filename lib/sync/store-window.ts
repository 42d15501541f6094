import 'server-only';
import { markDuplicates } from '#lib/accounts/joining/mark-duplicates';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { ask } from '#lib/queue/ask';
import { zoneOfCountry } from '#lib/time/country-zone';
import { addDays, type Day, daysBetween, startOf } from '#lib/time/day';
import { addMs, DAY_MS } from '#lib/time/span';
import type { AnswerMeta } from '#lib/truelayer/http';
import type { ParsedTransactions } from '#lib/truelayer/parse';
import { lastDayToAsk } from './account-calendar.ts';
import { ANSWER_DOUBTED, AnswerDoubtedError } from './believe-list.ts';
import { keepAnswer, packAnswer } from './keep-answer.ts';
import { UNKNOWN_CURRENCY } from './known-accounts.ts';
import type { SyncAccount } from './load-connection.ts';
import { acceptedDoubts } from './matching/accepted-doubts.ts';
import { noteFirstData } from './note-first-data.ts';
import { noteAccountResource, okAt, type ResourceNote } from './note-resource.ts';
import type { StoreWork, SyncSession } from './session.ts';
import { storeSetAside } from './set-aside.ts';
import { type BookedOutcome, storeBooked } from './store-booked.ts';
import { isSuspicious, type KeptEnd, OPEN_DAYS, settleCapped, sureDays, type Window, type Yield } from './windows.ts';

export type WindowAnswer = {
  window: Window;
  result: ParsedTransactions & { meta: AnswerMeta; body: Uint8Array };
  /** A window further back than the bank's open days. */
  isDeep: boolean;
  /** It answers the request for the whole history after a sign-in. */
  isHistory: boolean;
  /** The widest range was asked for first, so that this shows how far back the bank goes. */
  checksWidth: boolean;
  /** By which code a wider one was refused, or why it was not asked for. */
  refusedBy: string | null;
  /** From which day on transactions are missing that another sign-in may bring. */
  missingFrom: Day | null;
  /** It follows an answer of so many rows, which was suspected of being cut. */
  restOf: number | null;
  kept: KeptEnd;
};

/** What is left to be asked for, and what the answer held. */
export type StoredWindow = Pick<Yield, 'rest'> &
  Pick<BookedOutcome, 'rowCount' | 'newest' | 'rowsOnNewest' | 'isBelieved'> & { isCapped: boolean };

/** A larger answer would be held in memory together with the next one. */
const MAX_BYTES_MEANWHILE = 4 << 20;

/**
 * Stores one answer of booked rows and moves the cursor over the days that it settles, in one transaction. Returns what it
 * leaves to be asked for. Where that is sure to be nothing, it is stored while the next call is under way.
 * @throws {AnswerDoubtedError} when the answer was not taken over; it is kept for replay and covers nothing
 */
export async function storeWindow(
  session: SyncSession,
  account: SyncAccount,
  answer: WindowAnswer,
): Promise<StoredWindow> {
  const work = storingOf(session, account, answer);
  const { restOf, refusedBy, result } = answer;
  const { rowCount } = result;
  const decidesTheNext = restOf !== null || refusedBy !== null || rowCount === 0 || isCapped(session, answer);
  if (decidesTheNext || result.body.byteLength > MAX_BYTES_MEANWHILE) {
    const stored = await session.store(work);
    if (!stored.isBelieved) throw new AnswerDoubtedError();
    return stored;
  }
  session.storeMeanwhile(work);
  return { rest: [], rowCount, newest: null, rowsOnNewest: 0, isCapped: false, isBelieved: true };
}

function isCapped({ bank }: SyncSession, { result: { rowCount } }: WindowAnswer): boolean {
  return isSuspicious(rowCount, bank);
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
      accepts: acceptedDoubts(account.resources.get('transactions'), ANSWER_DOUBTED, tx.clock.now()),
    });
    if (account.groupId !== null) await markDuplicates(tx, account.groupId, window);
    const { oldest, newest, rowCount, rowsOnNewest, isBelieved } = outcome;
    const origin = { connectionId: session.connection.id, accountId };
    const { endpoint, receivedAt } = result.meta;
    await storeSetAside(tx, { ...origin, endpoint }, outcome.setAside);
    const isComplete = !wasCapped && isBelieved;
    const facts = { accountId, resource: 'transactions', window, isComplete, receivedAt } as const;
    await keepAnswer(tx, origin.connectionId, await packing, facts);
    session.tally.rowsSetAside += outcome.setAside.length;
    if (!isBelieved) {
      await noteAccountResource(tx, accountId, 'transactions', doubtedAt(tx.clock.now()));
      return { rest: [], rowCount, newest, rowsOnNewest, isCapped: false, isBelieved };
    }
    if (account.currency === UNKNOWN_CURRENCY) await settleCurrency(tx, accountId);
    const settled: Yield = wasCapped
      ? settleCapped(window, { oldest, newest }, answer.kept)
      : { covered: window, rest: [], overfull: null };
    if (settled.covered !== null) await cover(tx, accountId, settled.covered);
    if (outcome.recheck !== null && outcome.recheck.from > addDays(today, -OPEN_DAYS)) {
      await uncover(tx, accountId, outcome.recheck);
    }
    await rememberBank(tx, session, account, { answer, oldest, wasCapped });
    await rememberHistory(tx, accountId, answer, { wasCapped, overfull: settled.overfull });
    await noteAccountResource(tx, accountId, 'transactions', okAt(tx.clock.now()));
    await noteFirstData(tx, session);
    if (outcome.added + outcome.changed + outcome.vanished > 0) {
      await ask(tx, 'account.enrich', { accountId }, { key: accountId });
    }
    session.tally.rowsStored += outcome.added + outcome.changed;
    return { rest: settled.rest, rowCount, newest, rowsOnNewest, isCapped: wasCapped, isBelieved };
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

/** Also where nobody waits for what becomes of the answer: it isn't repeated before the next day. */
function doubtedAt(triedAt: Date): ResourceNote {
  return { state: 'failing', code: ANSWER_DOUBTED, triedAt, nextTryAt: addMs(triedAt, DAY_MS), tries: 1 };
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

type Lesson = { answer: WindowAnswer; oldest: Day | null; wasCapped: boolean };

/** What a bank taught this customer is known to the next one: the width it takes, and how many rows it returns at once. */
async function rememberBank(ctx: Context, session: SyncSession, { kind }: SyncAccount, lesson: Lesson): Promise<void> {
  const { bank, connection } = session;
  const learned = { ...learnWidth(ctx.clock.now(), bank, kind, lesson), ...learnRows(bank, lesson) };
  if (Object.keys(learned).length === 0) return;
  Object.assign(bank, learned);
  await ctx.db.bank.update({ where: { id: connection.bankId }, data: learned, select: { id: true } });
}

type Bank = SyncSession['bank'];

function learnWidth(now: Date, bank: Bank, kind: SyncAccount['kind'], { answer }: Lesson): Partial<Bank> {
  const { isDeep, restOf, refusedBy, window, checksWidth } = answer;
  const days = daysBetween(window.from, lastDayToAsk(zoneOfCountry(bank.country), now));
  if (!isDeep || restOf !== null || days <= OPEN_DAYS) return {};
  const known = kind === 'account' ? bank.accountHistoryDays : bank.cardHistoryDays;
  const isNews = known === null || days > known || (refusedBy === 'invalid_date_range' && days !== known);
  const isAccount = kind === 'account';
  return {
    ...(isNews ? (isAccount ? { accountHistoryDays: days } : { cardHistoryDays: days }) : {}),
    ...(checksWidth ? (isAccount ? { accountHistoryCheckedAt: now } : { cardHistoryCheckedAt: now }) : {}),
  };
}

/** Older rows than the suspected answer had prove that it was cut; a larger answer proves that so many aren't. */
function learnRows({ rowsPerAnswer, largestAnswerRows }: Bank, { answer, oldest, wasCapped }: Lesson): Partial<Bank> {
  const { restOf, window, result } = answer;
  if (restOf !== null && rowsPerAnswer === null && oldest !== null && oldest < window.to) {
    return { rowsPerAnswer: restOf };
  }
  const isLarger = !wasCapped && rowsPerAnswer === null && result.rowCount > 2 * largestAnswerRows;
  return isLarger ? { largestAnswerRows: result.rowCount } : {};
}

/** Why the history isn't longer, for the user to read; the bank's answer for all of it takes that back. */
async function rememberHistory(
  ctx: Context,
  accountId: string,
  answer: WindowAnswer,
  { wasCapped, overfull }: { wasCapped: boolean; overfull: Day | null },
): Promise<void> {
  const data: Prisma.BankAccountUpdateInput = {};
  if (answer.isHistory && !wasCapped) {
    data.historyAskedAt = ctx.clock.now();
    data.historyMissingFrom = null;
  }
  if (answer.missingFrom !== null) data.historyMissingFrom = startOf(answer.missingFrom);
  if (answer.isDeep || answer.refusedBy !== null || overfull !== null) {
    data.historyLimitCode = overfull === null ? answer.refusedBy : 'rows_capped';
  }
  if (Object.keys(data).length === 0) return;
  await ctx.db.bankAccount.update({ where: { id: accountId }, data, select: { id: true } });
}
