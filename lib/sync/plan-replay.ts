import type { Day } from '#lib/time/day';
import { addDays, dayOf } from '#lib/time/day';
import { sureDays, type Window } from './windows.ts';

export type KeptAnswer = { id: string; window: Window; receivedAt: Date; isComplete: boolean };

/** Days that are to be read from this answer, and those of them of which it surely has every row. */
export type ReplayPiece = { answerId: string; receivedAt: Date; window: Window; surely: Window | null };

/**
 * Each day is read from the newest complete answer that covers it, so that running old answers again never brings back what
 * a newer one has corrected. The pieces come in the order in which the answers did.
 */
export function planReplay(answers: readonly KeptAnswer[]): ReplayPiece[] {
  const newestFirst = answers.toSorted((one, other) => other.receivedAt.getTime() - one.receivedAt.getTime());
  const claimed: Window[] = [];
  const pieces: ReplayPiece[] = [];
  for (const { id, window, receivedAt, isComplete } of newestFirst) {
    const sure = isComplete ? sureDays(window, dayOf(receivedAt)) : null;
    for (const open of without(window, claimed)) {
      pieces.push({ answerId: id, receivedAt, window: open, surely: sure === null ? null : common(open, sure) });
    }
    // One that may lack rows settles nothing: what is older may have them.
    if (isComplete) claimed.push(window);
  }
  return pieces.toReversed();
}

function without(window: Window, taken: readonly Window[]): Window[] {
  let left: Window[] = [window];
  for (const each of taken) {
    left = left.flatMap((part) => [
      ...nonEmpty(part.from, earlier(part.to, addDays(each.from, -1))),
      ...nonEmpty(later(part.from, addDays(each.to, 1)), part.to),
    ]);
  }
  return left;
}

function common(one: Window, other: Window): Window | null {
  return nonEmpty(later(one.from, other.from), earlier(one.to, other.to))[0] ?? null;
}

function nonEmpty(from: Day, to: Day): Window[] {
  return from <= to ? [{ from, to }] : [];
}

const earlier = (one: Day, other: Day): Day => (one < other ? one : other);
const later = (one: Day, other: Day): Day => (one > other ? one : other);
