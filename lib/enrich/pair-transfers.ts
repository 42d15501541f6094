import { type Day, daysBetween } from '#lib/time/day';

/** Money that left one of a person's accounts, and as much of it that came to another about then. */
export type TransferCandidate = {
  out: TransferSide;
  in: TransferSide;
};

export type TransferSide = {
  id: string;
  accountId: string;
  day: Day;
  /** What the row says of itself; a person's own word is `said`. */
  isLike: boolean;
  isNever: boolean;
  said: boolean | null;
};

export type TransferReason = 'said' | 'both_say_so' | 'one_says_so';
export type TransferPair = { outId: string; inId: string; reason: TransferReason };

/** Money is on its way for a long weekend at most, and some banks book the arrival first. */
export const LONGEST_WAY_DAYS = 4;
export const EARLIEST_ARRIVAL_DAYS = -1;

type Scored = TransferCandidate & { score: number; reason: TransferReason };

/** Chooses the pairs that are surely two sides of one transfer, each row once. Where two accounts could be meant, neither is. */
export function pairTransfers(candidates: readonly TransferCandidate[]): TransferPair[] {
  const scored = candidates.flatMap(toScored).sort(byScore);
  const taken = new Set<string>();
  const pairs: TransferPair[] = [];
  for (let start = 0; start < scored.length; ) {
    const score = scored[start]?.score;
    let end = start;
    while (scored[end]?.score === score) end++;
    const open = scored.slice(start, end).filter((each) => !taken.has(each.out.id) && !taken.has(each.in.id));
    const doubtful = doubtfulIn(open);
    for (const each of open) {
      if (taken.has(each.out.id) || taken.has(each.in.id) || doubtful.has(each.out.id) || doubtful.has(each.in.id)) {
        continue;
      }
      taken.add(each.out.id).add(each.in.id);
      pairs.push({ outId: each.out.id, inId: each.in.id, reason: each.reason });
    }
    // What is doubtful here isn't settled by a worse match.
    for (const id of doubtful) taken.add(id);
    start = end;
  }
  return pairs;
}

function toScored(candidate: TransferCandidate): Scored[] {
  const { out, in: into } = candidate;
  const days = daysBetween(out.day, into.day);
  if (out.accountId === into.accountId || days > LONGEST_WAY_DAYS || days < EARLIEST_ARRIVAL_DAYS) return [];
  if (out.said === false || into.said === false) return [];
  const isSaid = out.said === true || into.said === true;
  if (!isSaid && (out.isNever || into.isNever)) return [];
  const likes = Number(out.isLike) + Number(into.isLike);
  if (!isSaid && likes === 0) return [];
  const reason = isSaid ? 'said' : likes === 2 ? 'both_say_so' : 'one_says_so';
  return [{ ...candidate, score: (isSaid ? 40 : 0) + likes * 10 - Math.abs(days), reason }];
}

function byScore(one: Scored, other: Scored): number {
  return other.score - one.score || one.out.id.localeCompare(other.out.id) || one.in.id.localeCompare(other.in.id);
}

/** Rows for which, at the same score, more than one account is on the other side. */
function doubtfulIn(open: readonly Scored[]): Set<string> {
  const others = new Map<string, Set<string>>();
  const note = (id: string, accountId: string) => {
    const accounts = others.get(id) ?? new Set();
    others.set(id, accounts.add(accountId));
  };
  for (const { out, in: into } of open) {
    note(out.id, into.accountId);
    note(into.id, out.accountId);
  }
  return new Set([...others].filter(([, accounts]) => accounts.size > 1).map(([id]) => id));
}
