import { addDays, type Day, daysBetween } from '#lib/time/day';

/** Whole days, both included. */
export type Window = { from: Day; to: Day };

/** Open at any time, less a day for banks that count theirs otherwise. */
export const OPEN_DAYS = 89;
/** How far an increment reaches back over what is there: rows are booked late, and change. */
export const OVERLAP_DAYS = 7;
/** What was the bank's whole history at the first sign-in is a little less than it at a later one. */
const DEPTH_SLACK_DAYS = 30;

export type WindowFacts = {
  today: Day;
  coveredFrom: Day | null;
  coveredTo: Day | null;
  /** Days in between that are not covered. */
  gaps: readonly Window[];
  /** Whether the bank may open what lies further back than its open days. */
  isSignInRecent: boolean;
  /** How many days back to ask for the whole history, the widest first (history-days). */
  widths: readonly number[];
  /** The bank has answered this sign-in's request for the whole history. */
  isDeepDone: boolean;
  /** Older days were left for later, because the bank returns so few rows at once. */
  isCutShort: boolean;
};

/** First days to ask from, the widest first; each next one is for when the bank refuses the one before. */
export function planFirstDays(facts: WindowFacts): Day[] {
  const { today } = facts;
  const open = addDays(today, -OPEN_DAYS);
  const isDeepOpen = facts.isSignInRecent && !facts.isDeepDone;
  const deepest = deepestDay(facts);
  const wanted = wantsHistory(facts) ? deepest : firstMissing(facts);
  if (!isDeepOpen || wanted >= open) return [latest([open, wanted])];
  const first = latest([deepest, wanted]);
  return [first, ...facts.widths.map((width) => addDays(today, -width)).filter((day) => day > first)];
}

/** The first day of the whole history, as far as the bank may have it. */
export function deepestDay({ today, widths }: Pick<WindowFacts, 'today' | 'widths'>): Day {
  return addDays(today, -Math.max(OPEN_DAYS, ...widths));
}

/** Whether this sign-in is to bring the whole history, and has not yet. */
export function wantsHistory(facts: WindowFacts): boolean {
  return facts.isSignInRecent && !facts.isDeepDone && isHistoryShort(facts);
}

function isHistoryShort({ today, coveredFrom, ...facts }: WindowFacts): boolean {
  const width = daysBetween(deepestDay({ ...facts, today }), today);
  return coveredFrom === null || daysBetween(coveredFrom, today) < width - DEPTH_SLACK_DAYS;
}

/**
 * For a bank that returns few rows at a time and of which the newest are stored: windows from the newest to the oldest day
 * that are still missing. Null: one request for all of it is the fewest.
 */
export function planMissingWindows(facts: WindowFacts, rowsPerAnswer: number | null): [Window, ...Window[]] | null {
  const { today, coveredFrom, coveredTo, gaps } = facts;
  if (rowsPerAnswer === null || coveredFrom === null || coveredTo === null || !wantsHistory(facts)) return null;
  const newest = coveredTo < today ? [{ from: addDays(coveredTo, -OVERLAP_DAYS), to: today }] : [];
  const older = { from: deepestDay(facts), to: coveredFrom };
  const [first = older, ...others] = [...newest, ...gaps.toReversed(), older];
  return [first, ...others];
}

/** However long the person was away. One wide request costs no more than one for the increment and another for a gap. */
function firstMissing({ today, coveredTo, gaps, isCutShort }: WindowFacts): Day {
  const open = addDays(today, -OPEN_DAYS);
  if (coveredTo === null) return open;
  const before = gaps.map(({ from }) => addDays(from, -1));
  return earliest([addDays(coveredTo, -OVERLAP_DAYS), ...before, ...(isCutShort ? [open] : [])]);
}

/**
 * The days of a window of which a complete answer has every row. Not those at its edges: a bank that filters by another time
 * zone than it writes returns a part of them. Today is no edge, since nothing lies after it.
 */
export function sureDays(window: Window, today: Day): Window {
  return { from: addDays(window.from, 1), to: window.to >= today ? window.to : addDays(window.to, -1) };
}

/** The last day that can be written with four digits of a year. */
const END_OF_DAYS: Day = '9999-12-31';

/**
 * The days of a window, and those after it where it reaches to the last day that may be asked for: some banks book ahead
 * (a direct debit of Monday, shown on Saturday), and nobody asks for such days.
 */
export function acceptedDays({ from, to }: Window, lastDayToAsk: Day): Window {
  return { from, to: to >= lastDayToAsk ? END_OF_DAYS : to };
}

export function isAccepted({ from, to }: Window, day: Day): boolean {
  return day >= from && day <= to;
}

/** What an answer was found to hold. */
export type AnswerFacts = { oldest: Day | null; newest: Day | null };

export type Yield = {
  /** Days that are covered now; null when the answer proves none. */
  covered: Window | null;
  /** Days that have to be asked for again. */
  rest: Window[];
  /** A day with more rows than the bank returns at once: it can't be had in full. */
  overfull: Day | null;
};

/** The cap that integrators have met; other banks' would be a round number too. */
const USUAL_CAP = 100;
const CAPS_ARE_MULTIPLES_OF = 50;

/** What is remembered of how many rows a bank returns at once. */
export type RowMemory = {
  /** At most so many; null while no such limit is known. */
  rowsPerAnswer: number | null;
  /** So many have come in one answer: a limit, if there is one, isn't lower. */
  largestAnswerRows: number;
};

/** Whether the bank may have left rows out without saying so: as many came as it ever returns, or a round number. */
export function isSuspicious(rowCount: number, { rowsPerAnswer, largestAnswerRows }: RowMemory): boolean {
  if (rowCount === 0) return false;
  if (rowsPerAnswer !== null) return rowCount >= rowsPerAnswer;
  return rowCount === USUAL_CAP || (rowCount % CAPS_ARE_MULTIPLES_OF === 0 && rowCount > largestAnswerRows);
}

/** Whether a bank may return so few rows at once that a history takes many requests. */
export function mayBeCapped({ rowsPerAnswer, largestAnswerRows }: RowMemory): boolean {
  return rowsPerAnswer !== null || largestAnswerRows <= USUAL_CAP;
}

/** Which end of the rows a bank keeps when it leaves some out; null while that isn't known. */
export type KeptEnd = 'newest' | 'oldest' | null;

/** What the bank says of the new end of a window, of which an answer before it may have left rows out. */
export type NewEndFacts = {
  /** Rows of the answer before that lie in the new end: they come again. */
  seen: number;
  rowCount: number;
  isCapped: boolean;
};

/**
 * Which end it keeps, where that is proved by what the bank says and not by what happens to be stored. A booking that came
 * between the two answers proves nothing: only when most of an answer that is full itself are rows of which the one before
 * had none, were they left out.
 */
export function keptEnd({ seen, rowCount, isCapped }: NewEndFacts): KeptEnd {
  if (rowCount <= seen) return 'newest';
  return isCapped && (rowCount - seen) * 2 > rowCount ? 'oldest' : null;
}

/**
 * What of a window is settled by an answer from which rows may be missing. Only days between its first and last row are, and
 * those beyond the end that the bank keeps; the new end is asked for first.
 */
export function settleCapped(window: Window, { oldest, newest }: AnswerFacts, kept: KeptEnd): Yield {
  if (oldest === null || newest === null) return { covered: window, rest: [], overfull: null };
  const isOneDay = oldest === newest;
  const inside = {
    from: kept === 'oldest' ? window.from : addDays(oldest, 1),
    to: kept === 'newest' ? window.to : addDays(newest, -1),
  };
  const newEnd = { from: isOneDay ? addDays(newest, 1) : newest, to: window.to };
  const oldEnd = { from: window.from, to: isOneDay ? addDays(oldest, -1) : oldest };
  const rest = [...(kept === 'newest' ? [] : [newEnd]), ...(kept === 'oldest' ? [] : [oldEnd])];
  return {
    covered: inside.from > inside.to ? null : inside,
    rest: rest.filter(({ from, to }) => from <= to),
    overfull: isOneDay ? oldest : null,
  };
}

function earliest(days: readonly [Day, ...Day[]]): Day {
  return days.toSorted()[0] ?? days[0];
}

function latest(days: readonly [Day, ...Day[]]): Day {
  return days.toSorted().at(-1) ?? days[0];
}
