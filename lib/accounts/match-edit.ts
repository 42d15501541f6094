import type { Prisma } from '#lib/db/generated/client';
import { type Day, daysBetween } from '#lib/time/day';
import {
  areDifferentBrands,
  type HoldKind,
  type Likeness,
  likenessOf,
  type Merchant,
  type MerchantInput,
  toMerchant,
} from './merchant-likeness.ts';

/** A row, or the snapshot of one, as far as matching looks at it. */
export type MatchFacts = MerchantInput & { id: string; day: Day; effect: Prisma.Decimal; firstSeenAt: Date };

/**
 * What the user wrote on a pending row that is gone. `rival`: when the row disappeared, so did another pending row of the same
 * merchant, perhaps with the same amount; what is booked may belong to that one.
 */
export type WaitingEdit = MatchFacts & { rival: 'same_merchant' | 'same_amount' | null };

/** `own`: the user wrote on this booked row itself. `placed`: its words came from another pending row. */
export type BookedCandidate = MatchFacts & { words: 'own' | 'placed' | null };

export type EditMatch = { editId: string; transactionId: string };

/** A bank may date the booking a day before the purchase, and this many days after it at most. */
const LATEST_BOOKING_DAYS = 14;
/** A hotel or a car hire company books at the end of the stay. */
const LATEST_LODGING_DAYS = 30;
/** Rows around an edit's day that matching and offers look at, in days. */
export const CANDIDATE_DAYS = { before: 30, after: LATEST_LODGING_DAYS } as const;

/**
 * The evidence that a booked row is what a pending row became, strongest first. `identical`: amount, text and day.
 * `amount_and_day`: the merchant is the same, and no row repeats the pending text. `amount_and_name`: the same amount, and a
 * name that fits. `hold`: another amount, as such a merchant books it. `amount_alone`: an unusual amount within days, where the
 * texts don't contradict each other.
 */
const GRADES = ['identical', 'amount_and_day', 'amount_and_name', 'hold', 'amount_alone'] as const;
type Grade = (typeof GRADES)[number];

type Row<T> = T & { merchant: Merchant };

/**
 * The booked rows that pending rows, which are gone, have surely become. Both ways nothing else may be meant: of two candidates,
 * or of two edits, that differ, none is chosen, since words on the wrong transaction are worse than words that wait.
 * @param stillPending rows that may claim a booked row too
 */
export function matchEdits(
  edits: readonly WaitingEdit[],
  candidates: readonly BookedCandidate[],
  stillPending: readonly MatchFacts[] = [],
): EditMatch[] {
  const rows = candidates.filter(({ words }) => words !== 'placed').map(withMerchant);
  const known = candidates.map(withMerchant);
  let open = edits.map(withMerchant);
  const claims = stillPending.map((row) => withMerchant({ ...row, rival: null }));
  const taken = new Set<string>();
  const matches: EditMatch[] = [];
  for (const grade of GRADES) {
    const hasGrade = (edit: Row<WaitingEdit>, row: Row<BookedCandidate>) =>
      !taken.has(row.id) && gradeOf(edit, row, known) === grade;
    const stuck = new Set<string>();
    for (const edit of open) {
      const possible = rows.filter((row) => hasGrade(edit, row));
      const [first] = possible;
      if (first === undefined) continue;
      stuck.add(edit.id);
      if (!isAllowed(edit, grade) || !possible.every((row) => isAlike(row, first))) continue;
      const match = possible.find(({ words }) => words === null);
      if (match === undefined) continue;
      const others = [...open, ...claims].filter((other) => other.id !== edit.id && hasGrade(other, match));
      if (!others.every((other) => isAlike(other, edit))) continue;
      taken.add(match.id);
      matches.push({ editId: edit.id, transactionId: match.id });
    }
    // Two that could not be told apart are not told apart by weaker evidence.
    open = open.filter(({ id }) => !stuck.has(id));
  }
  return matches;
}

/**
 * The booked rows that a user may mean, the most likely first.
 * @param limit how many are wanted
 */
export function rankCandidates<T extends MatchFacts>(edit: MatchFacts, candidates: readonly T[], limit: number): T[] {
  const from = withMerchant(edit);
  return candidates
    .filter((row) => isSameDirection(edit, row))
    .map((row) => ({ row, score: scoreOf(from, withMerchant(row)) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, limit)
    .map(({ row }) => row);
}

/** Whether another pending row may be booked as what this edit's row would be; one that says the same makes no difference. */
export function isRival(edit: MatchFacts, other: MatchFacts): boolean {
  const [one, two] = [withMerchant(edit), withMerchant(other)];
  return likenessOf(one.merchant, two.merchant) >= 3 && !isAlike(one, two);
}

function scoreOf(edit: Row<MatchFacts>, row: Row<MatchFacts>): number {
  const days = Math.abs(daysBetween(edit.day, row.day));
  const likeness = likenessOf(edit.merchant, row.merchant);
  const isExact = row.currency === edit.currency && row.effect.equals(edit.effect);
  if (!isExact && likeness < 2) return 0;
  return (isExact ? 50 : 0) + likeness * 10 + closeness(edit, row) * 8 + (CANDIDATE_DAYS.before - days) / 4;
}

/** 1 for the same amount, towards 0 for one many times smaller or larger. */
function closeness(edit: MatchFacts, row: MatchFacts): number {
  if (edit.effect.isZero() || row.effect.isZero()) return 0;
  return 1 / (1 + Math.abs(Math.log(row.effect.div(edit.effect).abs().toNumber())));
}

function withMerchant<T extends MatchFacts>(row: T): Row<T> {
  return { ...row, merchant: toMerchant(row) };
}

/** Which of two equals it is makes no difference. */
function isAlike(one: Row<MatchFacts>, other: Row<MatchFacts>): boolean {
  return one.day === other.day && one.effect.equals(other.effect) && one.merchant.text === other.merchant.text;
}

function isAllowed({ rival }: WaitingEdit, grade: Grade): boolean {
  if (grade === 'identical' || rival === null) return true;
  return rival === 'same_merchant' && grade === 'amount_and_name';
}

function gradeOf(
  edit: Row<WaitingEdit>,
  row: Row<BookedCandidate>,
  known: readonly Row<BookedCandidate>[],
): Grade | null {
  // What was booked before the pending row came is another purchase.
  if (row.firstSeenAt < edit.firstSeenAt) return null;
  if (!isSameDirection(edit, row)) return null;
  const days = daysBetween(edit.day, row.day);
  if (days < -1 || days > LATEST_LODGING_DAYS) return null;
  const likeness = likenessOf(edit.merchant, row.merchant);
  const isExact = row.currency === edit.currency && row.effect.equals(edit.effect);
  if (isExact && days <= LATEST_BOOKING_DAYS) {
    if (edit.merchant.text === row.merchant.text && likeness === 4 && days === 0) return 'identical';
    if (likeness >= 3 && days === 0 && !known.some((other) => repeats(edit, other))) return 'amount_and_day';
    if (likeness >= 2) return 'amount_and_name';
    return isUnusual(edit.effect) && days <= 5 && isUncontradicted(edit, row, likeness) ? 'amount_alone' : null;
  }
  return likeness >= 3 && !isExact && isHoldOf(edit, row, { days, known }) ? 'hold' : null;
}

/** Money in and money out are never the same; a hold of nothing says neither. */
function isSameDirection(edit: MatchFacts, row: MatchFacts): boolean {
  return edit.effect.isZero() || row.effect.isNegative() === edit.effect.isNegative();
}

function repeats(edit: Row<MatchFacts>, row: Row<MatchFacts>): boolean {
  return (
    row.merchant.text === edit.merchant.text && row.effect.equals(edit.effect) && row.firstSeenAt >= edit.firstSeenAt
  );
}

/** Few purchases cost this: at least 10, and not a multiple of a half. */
function isUnusual(effect: Prisma.Decimal): boolean {
  return effect.abs().gte(10) && !effect.mul(2).isInteger();
}

function isUncontradicted(edit: Row<MatchFacts>, row: Row<MatchFacts>, likeness: Likeness): boolean {
  return likeness === 1 || !areDifferentBrands(edit.merchant, row.merchant);
}

type Around = { days: number; known: readonly Row<BookedCandidate>[] };

/** A pending amount up to this asks the card whether it is good, and says nothing about the price. */
const MAX_TOKEN = 1;
const MIN_FUEL_HOLD = 75;
const MAX_FUEL = 250;
const MAX_FARES = 100;

function isHoldOf(edit: Row<WaitingEdit>, row: Row<BookedCandidate>, { days, known }: Around): boolean {
  const held = edit.effect.abs().toNumber();
  const booked = row.effect.abs().toNumber();
  const kind = holdKind(edit.merchant.kind, row.merchant.kind);
  const isBetween = (low: number, high: number) => booked >= held * low && booked <= held * high;
  const latest = (last: number) => days <= last;
  if (row.currency !== edit.currency) return latest(10) && !isRegular(edit, known);
  if (kind === 'lodging') return latest(LATEST_LODGING_DAYS) && (held <= MAX_TOKEN || isBetween(0.2, 3));
  if (kind === 'fuel') {
    return days >= 0 && latest(10) && (held <= MAX_TOKEN || held >= MIN_FUEL_HOLD) && booked <= MAX_FUEL;
  }
  if (kind === 'transport' && held <= MAX_TOKEN) return days >= 0 && latest(LATEST_BOOKING_DAYS) && booked <= MAX_FARES;
  if (isRegular(edit, known)) return false;
  if (kind === 'transport') return latest(3) && isBetween(0.5, 2);
  if (kind === 'restaurant' || kind === 'unknown') return latest(7) && isBetween(0.9, 1.35);
  return (edit.merchant.isForeign || row.merchant.isForeign) && latest(10) && isBetween(0.9, 1.1);
}

/** The booked row says more about its merchant, or the pending one does. */
function holdKind(pending: HoldKind, booked: HoldKind): HoldKind {
  return booked === 'none' || booked === 'unknown' ? (pending === 'unknown' ? booked : pending) : booked;
}

/** Two earlier purchases there within the month: another one with a similar amount would be no surprise. */
function isRegular(edit: Row<WaitingEdit>, known: readonly Row<BookedCandidate>[]): boolean {
  const earlier = known.filter(
    (row) => row.firstSeenAt < edit.firstSeenAt && likenessOf(edit.merchant, row.merchant) >= 3,
  );
  return earlier.length >= 2;
}
