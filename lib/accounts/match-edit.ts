import type { Prisma } from '#lib/db/generated/client';
import { daysBetween } from '#lib/time/day';

export type WaitingEdit = {
  madeOn: string;
  effect: Prisma.Decimal;
  currency: string;
  description: string;
  firstSeenAt: Date;
};

export type BookedCandidate = {
  id: string;
  bookedOn: string;
  effect: Prisma.Decimal;
  currency: string;
  description: string;
  merchantName: string | null;
  firstSeenAt: Date;
};

/** Booked this much later at most; a booking may also be dated a day before. */
export const LATEST_BOOKING_DAYS = 14;
/** A tip or a rounded hold moves the amount; beyond this it may be another purchase at the same place. */
const SMALLEST_SHARE = 0.7;
const LARGEST_SHARE = 1.35;

/**
 * The booked row that a pending one, which is gone, has surely become. Null when there is none, or when it could be either
 * of two: a person's words on the wrong row are worse than on none.
 */
export function matchEdit(edit: WaitingEdit, candidates: readonly BookedCandidate[]): string | null {
  const possible = candidates.filter((candidate) => isPossible(edit, candidate));
  const exact = possible.filter(({ effect }) => effect.equals(edit.effect));
  const [match] = exact.length > 0 ? exact : possible;
  const rivals = exact.length > 0 ? exact : possible;
  return match !== undefined && rivals.every((rival) => isAlike(rival, match)) ? match.id : null;
}

function isPossible(edit: WaitingEdit, candidate: BookedCandidate): boolean {
  if (candidate.currency !== edit.currency || candidate.firstSeenAt < edit.firstSeenAt) return false;
  const days = daysBetween(edit.madeOn, candidate.bookedOn);
  if (days < -1 || days > LATEST_BOOKING_DAYS || edit.effect.isZero()) return false;
  const share = candidate.effect.div(edit.effect).toNumber();
  if (share < SMALLEST_SHARE || share > LARGEST_SHARE) return false;
  return sharesAName(edit.description, `${candidate.description} ${candidate.merchantName ?? ''}`);
}

/** Which of two equals it is makes no difference to anybody. */
function isAlike(one: BookedCandidate, other: BookedCandidate): boolean {
  return (
    one.bookedOn === other.bookedOn &&
    one.effect.equals(other.effect) &&
    one.description.trim() === other.description.trim()
  );
}

/** Words that stand in everybody's bookings. */
const COMMON = new Set(
  'CARD PAYMENT PAYMENTS PENDING VISA DEBIT CREDIT MASTERCARD PURCHASE CONTACTLESS THE LTD LIMITED PLC STORE STORES SHOP COM WWW GBR GBP LONDON ONLINE'.split(
    ' ',
  ),
);

function sharesAName(one: string, other: string): boolean {
  const names = namesIn(other);
  return [...namesIn(one)].some((name) => names.has(name));
}

function namesIn(text: string): Set<string> {
  const words = text.toUpperCase().match(/[\p{L}]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)));
}
