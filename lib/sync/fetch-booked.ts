import 'server-only';
import { trueLayer } from '#lib/context/truelayer';
import { addDays, type Day, startOf } from '#lib/time/day';
import { TrueLayerError } from '#lib/truelayer/error';
import { BudgetExhaustedError } from './budget-exhausted.ts';
import { createWaitingFetch, type Fetch } from './fetch.ts';
import { asksWidest } from './history-days.ts';
import { loadHistoryFacts, todayOf } from './history-facts.ts';
import type { SyncAccount } from './load-connection.ts';
import { HISTORY_INTERRUPTED } from './note-missing-history.ts';
import type { SyncSession } from './session.ts';
import { type StoredWindow, storeWindow, type WindowAnswer } from './store-window.ts';
import type { StepOutcome } from './take-step.ts';
import {
  deepestDay,
  type KeptEnd,
  keptEnd,
  OPEN_DAYS,
  planFirstDays,
  planMissingWindows,
  type Window,
  type WindowFacts,
  wantsHistory,
} from './windows.ts';

/** A bank that returns a hundred rows at a time is asked again and again while the user is present. */
const MAX_ATTENDED_REQUESTS = 200;
/** Without the user, balance and pending need their calls of the day's four too; the first balance mostly came attended. */
const MAX_UNATTENDED_REQUESTS = { first: 3, later: 2, beforeBalance: 1 };

/**
 * Fetches booked transactions: in the minutes after a sign-in as far back as the bank goes, afterwards what may have changed
 * and what is missing. A bank that refuses a width is asked for a narrower one; one that leaves rows out, for the rest.
 */
export async function fetchBooked(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StepOutcome> {
  if (fetch.window !== null) return fetchAsked(session, account, fetch, fetch.window);
  const facts = await loadHistoryFacts(session, account);
  const missing = planMissingWindows(facts, session.bank.rowsPerAnswer);
  const [first, ...others] = missing ?? [{ from: deepestDay(facts), to: facts.today }];
  const days = missing === null ? planFirstDays(facts) : narrowed(facts, first);
  const last = await fetchWidest(session, account, fetch, { facts, days, to: first.to });
  if (last === null) return 'asked';
  await fetchRest(session, account, { last, others, to: first.to, isHistory: wantsHistory(facts) });
  return 'stored';
}

/** Where the window is one of several, its own beginning, and narrower ones should the bank refuse it. */
function narrowed({ today, widths }: WindowFacts, { from, to }: Window): [Day, ...Day[]] {
  return [from, ...widths.map((width) => addDays(today, -width)).filter((day) => day > from && day < to)];
}

/** An asynchronous call's answer; what it leaves out is asked for plainly. */
async function fetchAsked(
  session: SyncSession,
  account: SyncAccount,
  fetch: Fetch,
  window: Window,
): Promise<StepOutcome> {
  const last = await fetchWindow(session, account, fetch, { ...PLAIN, window });
  if (last === null) return 'asked';
  await fetchRest(session, account, { last, others: [], to: window.to, isHistory: false });
  return 'stored';
}

type Series = {
  last: StoredWindow;
  /** Windows that are missing besides. */
  others: readonly Window[];
  /** The last day of the first window: a bank that keeps the oldest rows left out what lies before it. */
  to: Day;
  isHistory: boolean;
};

async function fetchRest(session: SyncSession, account: SyncAccount, series: Series): Promise<void> {
  const maxRequests = session.isAttended ? MAX_ATTENDED_REQUESTS : maxUnattended(account);
  let { last } = series;
  let kept: KeptEnd = null;
  let restOf = last.isCapped ? last.rowCount : 0;
  let open = [...last.rest, ...series.others];
  for (let request = 1; request < maxRequests; request++) {
    const [window, ...others] = open;
    if (window === undefined) break;
    const found = await fetchMore(session, account, { ...PLAIN, window, restOf, kept });
    if (found === null) break;
    // The new end comes first, until it is known.
    if (kept === null && window.to === series.to) kept = keptEnd({ ...found, seen: seenIn(window, last) });
    open = [...found.rest, ...others];
    restOf = found.isCapped ? found.rowCount : restOf;
    last = found;
  }
  if (open.length > 0) await noteCutShort(session, account, open);
  else if (series.isHistory && (series.last.isCapped || series.others.length > 0)) await noteHistory(session, account);
}

function seenIn({ from }: Window, { newest, rowsOnNewest }: StoredWindow): number {
  return newest === from ? rowsOnNewest : 0;
}

function maxUnattended({ coveredTo, resources }: SyncAccount): number {
  if (coveredTo !== null) return MAX_UNATTENDED_REQUESTS.later;
  const hasBalance = resources.get('balance') !== undefined;
  return hasBalance ? MAX_UNATTENDED_REQUESTS.first : MAX_UNATTENDED_REQUESTS.beforeBalance;
}

/** Null when the calls of the day are spent: what has come is stored, and the rest is for another day. */
async function fetchMore(session: SyncSession, account: SyncAccount, asking: Asking): Promise<StoredWindow | null> {
  try {
    return await fetchWindow(session, account, createWaitingFetch(session), asking);
  } catch (error) {
    if (error instanceof BudgetExhaustedError) return null;
    throw error;
  }
}

async function noteCutShort({ ctx }: SyncSession, account: SyncAccount, open: readonly Window[]): Promise<void> {
  const from = open.map((window) => window.from).sort()[0];
  const data = {
    historyLimitCode: 'rows_capped',
    ...(from === undefined ? {} : { historyMissingFrom: startOf(from) }),
  };
  await ctx.db.bankAccount.update({ where: { id: account.id }, data, select: { id: true } });
}

/** The last of several answers has completed the history. */
async function noteHistory({ ctx }: SyncSession, account: SyncAccount): Promise<void> {
  const data = { historyAskedAt: ctx.clock.now(), historyMissingFrom: null };
  await ctx.db.bankAccount.update({ where: { id: account.id }, data, select: { id: true } });
}

type First = { facts: WindowFacts; days: readonly Day[]; to: Day };

/** The widest window that the bank accepts. */
async function fetchWidest(
  session: SyncSession,
  account: SyncAccount,
  fetch: Fetch,
  { facts, days, to }: First,
): Promise<StoredWindow | null> {
  const isHistory = wantsHistory(facts);
  const checksWidth = isHistory && asksWidest(facts.widths) && days[0] === deepestDay(facts);
  const isTooLate = facts.coveredTo === null && !facts.isSignInRecent;
  const missingFrom = isTooLate ? deepestDay(facts) : null;
  let refusedBy = isTooLate ? tooLateCode(account) : null;
  for (const [index, from] of days.entries()) {
    try {
      const window = { from, to };
      return await fetchWindow(session, account, fetch, {
        ...PLAIN,
        window,
        refusedBy,
        missingFrom,
        isHistory,
        checksWidth,
      });
    } catch (error) {
      if (index === days.length - 1 || !mayWorkNarrower(error, from, facts.today)) throw error;
      refusedBy = error.code;
    }
  }
  throw new Error('no window was planned');
}

/** The first answer comes after the bank has closed its history: that is why it begins where it does. */
function tooLateCode({ historyLimitCode }: SyncAccount): string {
  return historyLimitCode === HISTORY_INTERRUPTED ? HISTORY_INTERRUPTED : 'sca_exceeded';
}

type Asking = Omit<WindowAnswer, 'result' | 'isDeep'>;

/** A window of which nothing special is known. */
const PLAIN = {
  isHistory: false,
  checksWidth: false,
  refusedBy: null,
  missingFrom: null,
  restOf: null,
  kept: null,
} satisfies Partial<Asking>;

async function fetchWindow(
  session: SyncSession,
  account: SyncAccount,
  fetch: Fetch,
  asking: Asking,
): Promise<StoredWindow | null> {
  const { kind, trueLayerId } = account;
  const request = { endpoint: `${kind}_transactions`, window: asking.window } as const;
  const result = await fetch.get(request, (call) =>
    trueLayer().getTransactions(call, { kind, id: trueLayerId, ...asking.window }),
  );
  if (result === null) return null;
  return storeWindow(session, account, { ...asking, result, isDeep: isDeep(session, asking.window) });
}

function isDeep(session: SyncSession, { from }: Window): boolean {
  return from < addDays(todayOf(session), -OPEN_DAYS);
}

/** A refusal of days that are open to everybody is meant; one of older days may be about their age or the width. */
function mayWorkNarrower(error: unknown, from: Day, today: Day): error is TrueLayerError {
  if (!(error instanceof TrueLayerError) || from >= addDays(today, -OPEN_DAYS)) return false;
  return error.kind === 'request' || error.kind === 'denied' || error.kind === 'needs_recent_sign_in';
}
