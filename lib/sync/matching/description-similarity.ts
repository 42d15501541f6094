/** A description, prepared for comparison. */
export type ComparableText = {
  /** Letters and digits in upper case, single spaces between. */
  plain: string;
  /** The words that tell a counterparty; every word where there is no such. */
  words: readonly string[];
  /** Equal for two descriptions with the same words in the same order. */
  wordsKey: string;
};

/** Above this share of the shorter description's words in the longer one, two descriptions are of one counterparty. */
const RELATED_SHARE = 0.5;
/** Two words that are less alike than this have nothing in common. */
const MIN_WORD_LIKENESS = 0.6;
/** A description as short as this is in many others by chance. */
const MIN_CONTAINED_LENGTH = 4;
/** What an empty description scores against any other: it contradicts none. */
const EMPTY_SCORE = 0.5;

/** Words of the means of payment, of legal forms and of dates: they stand in every counterparty's descriptions. */
const COMMON_WORDS = new Set(
  (
    'CARD PAYMENT PAYMENTS PENDING VISA DEBIT CREDIT MASTERCARD MAESTRO PURCHASE CONTACTLESS DIRECT TRANSFER FASTER POS ATM ' +
    'REF REFERENCE TRANSACTION ONLINE INTERNET STANDING ORDER SEPA LASTSCHRIFT UEBERWEISUNG VIREMENT ' +
    'THE TO FROM ON AT OF AND VIA BY LTD LIMITED PLC LLC INC GMBH CO COM WWW HTTPS UK GB GBR GBP EUR USD STORE STORES SHOP ' +
    'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'
  ).split(' '),
);

export function toComparableText(description: string): ComparableText {
  const plain = description
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const all = plain === '' ? [] : plain.split(' ');
  const telling = all.filter((word) => word.length > 1 && /\p{L}/u.test(word) && !COMMON_WORDS.has(word));
  const words = telling.length > 0 ? telling : all;
  return { plain, words, wordsKey: words.join(' ') };
}

/**
 * How alike two descriptions are, from 0 to 1. Zero means that they are of different counterparties: most words of the shorter
 * one are not in the longer one, spelt alike, abbreviated or cut.
 */
export function similarity(one: ComparableText, other: ComparableText): number {
  if (one.plain === other.plain) return 1;
  if (one.plain === '' || other.plain === '') return EMPTY_SCORE;
  const share = contains(one, other) || contains(other, one) ? 1 : sharedWords(one, other);
  return share <= RELATED_SHARE ? 0 : 0.8 * share + 0.19 * pairOverlap(one.plain, other.plain);
}

function contains({ plain }: ComparableText, { plain: part }: ComparableText): boolean {
  return part.length >= MIN_CONTAINED_LENGTH && ` ${plain} `.includes(` ${part} `);
}

/** The share of the shorter description's words that are in the longer one. */
function sharedWords({ words: one }: ComparableText, { words: other }: ComparableText): number {
  const share = (words: readonly string[], among: readonly string[]) =>
    words.reduce((sum, word) => sum + bestLikeness(word, among), 0) / words.length;
  if (one.length === other.length) return Math.max(share(one, other), share(other, one));
  return one.length < other.length ? share(one, other) : share(other, one);
}

function bestLikeness(word: string, among: readonly string[]): number {
  if (among.includes(word)) return 1;
  return among.reduce((best, each) => Math.max(best, wordLikeness(word, each)), 0);
}

function wordLikeness(one: string, other: string): number {
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  if (shorter.length < 3 || shorter.charCodeAt(0) !== longer.charCodeAt(0)) return 0;
  if (longer.startsWith(shorter)) return 0.9;
  if (shorter.length > 3 && isAbbreviation(shorter, longer)) return 0.8;
  const overlap = pairOverlap(one, other);
  return overlap >= MIN_WORD_LIKENESS ? overlap : 0;
}

/** `AMZN` of `AMAZON`: its letters in their order. */
function isAbbreviation(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/** Dice's coefficient over pairs of neighbouring characters. */
function pairOverlap(one: string, other: string): number {
  const counts = new Map<string, number>();
  for (let at = 0; at < one.length - 1; at++) {
    const pair = one.slice(at, at + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  let shared = 0;
  for (let at = 0; at < other.length - 1; at++) {
    const pair = other.slice(at, at + 2);
    const left = counts.get(pair) ?? 0;
    if (left === 0) continue;
    shared++;
    counts.set(pair, left - 1);
  }
  const total = Math.max(0, one.length - 1) + Math.max(0, other.length - 1);
  return total === 0 ? 0 : (2 * shared) / total;
}
