import 'server-only';
import { listGaps } from '#lib/accounts/list-gaps';
import { trueLayer } from '#lib/context/truelayer';
import { zoneOfCountry } from '#lib/time/country-zone';
import { addDays, type Day, dayOf } from '#lib/time/day';
import { TrueLayerError } from '#lib/truelayer/error';
import { lastDayToAsk } from './account-calendar.ts';
import { createWaitingFetch, type Fetch } from './fetch.ts';
import { historyDaysOf } from './history-days.ts';
import type { SyncAccount } from './load-connection.ts';
import { isSignInRecent } from './plan-steps.ts';
import type { SyncSession } from './session.ts';
import { type StoredWindow, storeWindow, type WindowAnswer } from './store-window.ts';
import type { StepOutcome } from './take-step.ts';
import { type KeptEnd, keptEnd, OPEN_DAYS, planFirstDays, type Window } from './windows.ts';

/** A bank that returns a hundred rows at a time is asked again and again while the person is there. */
const MOST_ATTENDED = 60;
/** Without them, balance and pending want their calls of the day's four too; the first balance mostly came with the person. */
const MOST_UNATTENDED = { first: 3, later: 2, beforeBalance: 1 };

/**
 * Fetches booked transactions: in the minutes after a sign-in as far back as the bank goes, afterwards what may have changed
 * and what is missing. A bank that refuses a width is asked for a narrower one; one that leaves rows out, for the rest.
 */
export async function fetchBooked(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StepOutcome> {
  const today = todayOf(session);
  const mostRequests = session.isAttended ? MOST_ATTENDED : mostUnattended(account);
  let last = await fetchFirst(session, account, fetch);
  if (last === null) return 'asked';
  let { rest } = last;
  let kept: KeptEnd = null;
  for (let request = 1; request < mostRequests; request++) {
    const [window, ...others] = rest;
    if (window === undefined) break;
    const found = await fetchWindow(session, account, createWaitingFetch(session), {
      window,
      refusedBy: null,
      isRest: true,
      kept,
    });
    if (found === null) break;
    // The new end comes first, until it is known.
    if (kept === null && window.to === today) kept = keptEnd({ ...found, seen: seenIn(window, last) });
    rest = [...found.rest, ...others];
    last = found;
  }
  if (rest.length > 0) await noteCutShort(session, account);
  return 'stored';
}

/** The last day that may be asked for; in the account's calendar it may be tomorrow already. */
function todayOf({ ctx, bank }: SyncSession): Day {
  return lastDayToAsk(zoneOfCountry(bank.country), ctx.clock.now());
}

function seenIn({ from }: Window, { newest, rowsOnNewest }: StoredWindow): number {
  return newest === from ? rowsOnNewest : 0;
}

function mostUnattended({ coveredTo, resources }: SyncAccount): number {
  if (coveredTo !== null) return MOST_UNATTENDED.later;
  return resources.get('balance') === undefined ? MOST_UNATTENDED.beforeBalance : MOST_UNATTENDED.first;
}

async function noteCutShort({ ctx }: SyncSession, account: SyncAccount): Promise<void> {
  const data = { historyLimitCode: 'rows_capped' };
  await ctx.db.bankAccount.update({ where: { id: account.id }, data, select: { id: true } });
}

async function fetchFirst(session: SyncSession, account: SyncAccount, fetch: Fetch): Promise<StoredWindow | null> {
  if (fetch.window !== null) {
    return fetchWindow(session, account, fetch, { window: fetch.window, refusedBy: null, isRest: false, kept: null });
  }
  const today = todayOf(session);
  const firstDays = planFirstDays(await toFacts(session, account, today));
  let refusedBy = isTooLate(session, account) ? 'sca_exceeded' : null;
  for (const [index, from] of firstDays.entries()) {
    try {
      const asking = { window: { from, to: today }, refusedBy, isRest: false, kept: null };
      return await fetchWindow(session, account, fetch, asking);
    } catch (error) {
      if (index === firstDays.length - 1 || !mayWorkNarrower(error, from, today)) throw error;
      refusedBy = error.code;
    }
  }
  throw new Error('no window was planned');
}

async function toFacts(session: SyncSession, account: SyncAccount, today: Day) {
  const { connection, ctx } = session;
  const { authenticatedAt } = connection;
  const lastOkAt = account.resources.get('transactions')?.lastOkAt ?? null;
  return {
    today,
    coveredFrom: account.coveredFrom === null ? null : dayOf(account.coveredFrom),
    coveredTo: account.coveredTo === null ? null : dayOf(account.coveredTo),
    gaps: await listGaps(ctx, account.id),
    isSignInRecent: isSignInRecent(authenticatedAt, ctx.clock.now()),
    historyDays: historyDaysOf(connection.bankId, session.bank, account.kind),
    isDeepDone: lastOkAt !== null && authenticatedAt !== null && lastOkAt >= authenticatedAt,
    isCutShort:
      account.historyLimitCode === 'rows_capped' &&
      account.coveredFrom !== null &&
      dayOf(account.coveredFrom) > addDays(today, -OPEN_DAYS),
  };
}

/** The first look comes after the bank has closed its past: that is why the history begins where it does. */
function isTooLate({ connection, ctx }: SyncSession, account: SyncAccount): boolean {
  return account.coveredTo === null && !isSignInRecent(connection.authenticatedAt, ctx.clock.now());
}

type Asking = Pick<WindowAnswer, 'window' | 'refusedBy' | 'isRest' | 'kept'>;

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
