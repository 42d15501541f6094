/** `1 account`, `1,204 accounts`, `2 entries`. */
export function toCount(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${PLURAL.select(count) === 'one' ? one : many}`;
}

/** `1,204`. For things that are counted, never for money. */
export function formatCount(count: number): string {
  return NUMBER.format(count);
}

/** `38%`; `less than 1%` rather than a nought that hides something. */
export function toPercent(part: number, whole: number): string {
  if (whole === 0) return '0%';
  const ratio = part / whole;
  if (part > 0 && ratio < 0.01) return 'less than 1%';
  return PERCENT.format(part < whole ? Math.min(ratio, 0.99) : ratio);
}

/** `a, b and c`. */
export function toList(words: readonly string[]): string {
  return LIST.format(words);
}

const NUMBER = new Intl.NumberFormat('en-GB');
const PERCENT = new Intl.NumberFormat('en-GB', { style: 'percent' });
const PLURAL = new Intl.PluralRules('en-GB');
const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });
