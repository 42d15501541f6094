import { isNamed, type Merchant, type MerchantInput, toMerchant } from '#lib/accounts/merchant-likeness';
import { type Day, daysBetween } from '#lib/time/day';

export type PendingFacts = Omit<MerchantInput, 'mcc'> & {
  /** TrueLayer's own id: evidence only, since it may change or be shared. */
  trueLayerId: string | null;
  day: Day;
  amount: string;
};
export type StoredPending = PendingFacts & { id: string };

/** A bank that corrects the day of a pending row moves it by no more. */
const MAX_SHIFT_DAYS = 5;
/** A tip or a delivery changes a pending amount by no more, in shares of it; beyond, it is another purchase. */
const AMOUNT_CHANGE = { least: 0.7, most: 1.5 } as const;
/** An amount up to this only asks the card whether it is good, and any price may follow. */
const MAX_TOKEN = 1;

/**
 * Recognises the rows of the last set in the new one, so that what the user wrote stays on the right row. Gives the id of the
 * stored row for each new row, or null. Rules from the strongest; after the first, a rule holds only for one row on either side.
 * An equal amount counts more than a text; where the amount has changed, the merchant and the day must be the same.
 */
export function matchPending(stored: readonly StoredPending[], rows: readonly PendingFacts[]): (string | null)[] {
  const olds = stored.map((row) => ({ row, merchant: toMerchant(row) }));
  const news = rows.map((row) => ({ row, merchant: toMerchant(row) }));
  const matches = new Map<PendingFacts, string>();
  const taken = new Set<PendingFacts>();
  const isOpen = ({ row }: Open<PendingFacts>) => !taken.has(row);
  const settle = ([old, fresh]: Pair) => {
    matches.set(fresh.row, old.row.id);
    taken.add(old.row).add(fresh.row);
  };
  for (const pair of pairEquals(olds, news)) settle(pair);
  for (const { aspect, allows } of RULES) {
    const pairs = pairSingles(olds.filter(isOpen), news.filter(isOpen), aspect);
    for (const pair of pairs.filter(([old, fresh]) => allows(old.row, fresh.row))) settle(pair);
  }
  return rows.map((row) => matches.get(row) ?? null);
}

type Open<T extends PendingFacts> = { row: T; merchant: Merchant };
type Pair = [old: Open<StoredPending>, fresh: Open<PendingFacts>];
/** What two rows have to agree in. Null for a row that the rule says nothing about. */
type Aspect = (row: Open<PendingFacts>) => string | null;
type Rule = { aspect: Aspect; allows: (old: PendingFacts, fresh: PendingFacts) => boolean };

const money = ({ amount, currency }: PendingFacts) => `${amount} ${currency}`;
const contentOf = ({ row, merchant }: Open<PendingFacts>) => `${row.day} ${money(row)} ${merchant.text}`;

const RULES: readonly Rule[] = [
  { aspect: ({ row, merchant }) => `${money(row)} ${merchant.text}`, allows: isNear },
  { aspect: ({ row, merchant }) => (isNamed(merchant) ? `${money(row)} ${merchant.key}` : null), allows: isNear },
  { aspect: ({ row }) => (row.trueLayerId === null ? null : `${money(row)} ${row.trueLayerId}`), allows: isNear },
  {
    aspect: ({ row, merchant }) => (isNamed(merchant) ? `${row.currency} ${merchant.text}` : null),
    allows: isSameGrown,
  },
  {
    aspect: ({ row, merchant }) => (isNamed(merchant) ? `${row.currency} ${merchant.key}` : null),
    allows: isSameGrown,
  },
  { aspect: ({ row }) => `${row.day} ${money(row)}`, allows: () => true },
];

/** The same in all they say; of several equals the one under the same id first. Which is which else makes no difference. */
function pairEquals(olds: readonly Open<StoredPending>[], news: readonly Open<PendingFacts>[]): Pair[] {
  const groups = Map.groupBy(olds, contentOf);
  const pairs: Pair[] = [];
  const later: Open<PendingFacts>[] = [];
  for (const fresh of news) {
    const group = groups.get(contentOf(fresh)) ?? [];
    const index = group.findIndex(({ row }) => row.trueLayerId !== null && row.trueLayerId === fresh.row.trueLayerId);
    const [same] = index === -1 ? [] : group.splice(index, 1);
    if (same === undefined) later.push(fresh);
    else pairs.push([same, fresh]);
  }
  for (const fresh of later) {
    const equal = groups.get(contentOf(fresh))?.shift();
    if (equal !== undefined) pairs.push([equal, fresh]);
  }
  return pairs;
}

/** One on either side that agrees in an aspect, and no second. */
function pairSingles(
  olds: readonly Open<StoredPending>[],
  news: readonly Open<PendingFacts>[],
  aspect: Aspect,
): Pair[] {
  const before = Map.groupBy(olds, aspect);
  return [...Map.groupBy(news, aspect)].flatMap(([key, [fresh, ...others]]): Pair[] => {
    const [old, ...rivals] = before.get(key) ?? [];
    if (key === null || fresh === undefined || old === undefined || others.length > 0 || rivals.length > 0) return [];
    return [[old, fresh]];
  });
}

function isNear(old: PendingFacts, fresh: PendingFacts): boolean {
  return Math.abs(daysBetween(old.day, fresh.day)) <= MAX_SHIFT_DAYS;
}

/** How large the amounts are decides here, not what they are: floats will do. */
function isSameGrown(old: PendingFacts, fresh: PendingFacts): boolean {
  if (old.day !== fresh.day) return false;
  const [before, after] = [Number(old.amount), Number(fresh.amount)];
  if (before !== 0 && Math.sign(before) !== Math.sign(after)) return false;
  const share = after / before;
  return Math.abs(before) <= MAX_TOKEN || (share >= AMOUNT_CHANGE.least && share <= AMOUNT_CHANGE.most);
}
