import { compareDecimals, toRatio } from '#lib/format/decimal';

export const CHART = { width: 1000, height: 300 } as const;

export type Range = { low: string; high: string };

/** The smallest and the largest of some exact amounts; an empty list has the range from nought to nought. */
export function rangeOf(values: readonly string[]): Range {
  const [first = '0', ...rest] = values;
  const range: Range = { low: first, high: first };
  for (const value of rest) {
    if (compareDecimals(value, range.low) < 0) range.low = value;
    if (compareDecimals(value, range.high) > 0) range.high = value;
  }
  return range;
}

/** A line of steps: a balance stays where it is until something moves it. */
export function stepPath(values: readonly string[], range: Range): string {
  const across = CHART.width / values.length;
  const steps = values.map(
    (value, index) => `${index === 0 ? 'M0 ' : 'V'}${yOf(value, range)}H${round((index + 1) * across)}`,
  );
  return steps.join('');
}

export function yOf(value: string, range: Range): number {
  return round((1 - toRatio(value, range.low, range.high)) * CHART.height);
}

/** Where nought lies, if it lies within the range. */
export function zeroLine(range: Range): number | null {
  const isWithin = compareDecimals(range.low, '0') < 0 && compareDecimals(range.high, '0') > 0;
  return isWithin ? yOf('0', range) : null;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
