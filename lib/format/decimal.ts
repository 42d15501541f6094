import { trimEndOf } from './trim-end-of.ts';
/** An exact decimal as text: how amounts travel. It is never turned into a float, also not to draw it. */
export type DecimalText = `${number}`;
export type Sign = 'negative' | 'zero' | 'positive';

export function isDecimalText(text: string): text is DecimalText {
  return /^-?\d+(\.\d+)?$/.test(text);
}

export function parseDecimalText(text: string): DecimalText {
  if (!isDecimalText(text)) throw new RangeError(`not a decimal: ${text.slice(0, 40)}`);
  return text;
}

export function signOf(amount: string): Sign {
  const text = parseDecimalText(amount);
  if (!/[1-9]/.test(text)) return 'zero';
  return text.startsWith('-') ? 'negative' : 'positive';
}

/** Digits after the point that say something: `1.500` has one. */
export function fractionDigitsOf(amount: string): number {
  const [, fraction = ''] = parseDecimalText(amount).split('.');
  return trimEndOf(fraction, '0').length;
}

export function compareDecimals(left: string, right: string): number {
  const digits = Math.max(fractionDigitsOf(left), fractionDigitsOf(right));
  const difference = toScaled(left, digits) - toScaled(right, digits);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Where `value` lies between `low` (0) and `high` (1), for drawing. A range without width puts everything in the middle. */
export function toRatio(value: string, low: string, high: string): number {
  const digits = Math.max(fractionDigitsOf(value), fractionDigitsOf(low), fractionDigitsOf(high));
  const bottom = toScaled(low, digits);
  const width = toScaled(high, digits) - bottom;
  if (width === 0n) return 0.5;
  return Number(((toScaled(value, digits) - bottom) * RATIO_STEPS) / width) / Number(RATIO_STEPS);
}

const RATIO_STEPS = 1_000_000n;

function toScaled(amount: string, digits: number): bigint {
  const [whole = '0', fraction = ''] = parseDecimalText(amount).split('.');
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
}
