const alreadyCanonical = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;
const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const longestLength = 64;

/**
 * One spelling for each amount: no exponent, no `+`, no idle zeros, no negative zero. Null for anything that isn't a decimal
 * number of a size that money can have.
 */
export function canonicalDecimal(text: string): string | null {
  if (text.length > longestLength) return null;
  if (alreadyCanonical.test(text)) return text === '-0' ? '0' : text;
  const match = decimal.exec(text.trim());
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') return null;
  return place(sign === '-', whole + fraction, whole.length + Number(exponent));
}

/** Of a canonical decimal, by its text. */
export function negate(canonical: string): string {
  if (canonical === '0') return canonical;
  return canonical.startsWith('-') ? canonical.slice(1) : `-${canonical}`;
}

/** Of a canonical decimal. */
export function signOf(canonical: string): -1 | 0 | 1 {
  if (canonical === '0') return 0;
  return canonical.startsWith('-') ? -1 : 1;
}

/** A canonical decimal with at most so many digits after the point; a half goes away from zero. */
export function roundDecimal(canonical: string, digits: number): string {
  const point = canonical.indexOf('.');
  if (point === -1 || canonical.length - point - 1 <= digits) return canonical;
  const isUp = (canonical[point + 1 + digits] ?? '0') >= '5';
  const isNegative = canonical.startsWith('-');
  const kept = canonical.slice(isNegative ? 1 : 0, point) + canonical.slice(point + 1, point + 1 + digits);
  const units = BigInt(kept) + (isUp ? 1n : 0n);
  const text = String(units).padStart(digits + 1, '0');
  return place(isNegative, text, text.length - digits) ?? canonical;
}

function place(isNegative: boolean, digits: string, pointAt: number): string | null {
  if (/^0*$/.test(digits)) return '0';
  if (Math.abs(pointAt) > longestLength) return null;
  const padded = '0'.repeat(Math.max(0, -pointAt)) + digits.padEnd(pointAt, '0');
  const point = Math.max(0, pointAt);
  const whole = padded.slice(0, point).replace(/^0+/, '') || '0';
  const fraction = withoutTrailingZeros(padded.slice(point));
  const text = `${isNegative ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
  return text.length > longestLength ? null : text;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
