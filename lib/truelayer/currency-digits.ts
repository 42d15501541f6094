import { roundDecimal } from './decimal.ts';

/** ISO 4217's minor units where they aren't two. */
const DIGITS: Readonly<Record<string, number>> = {
  ...entries(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...entries(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...entries(4, 'CLF UYW'),
};

/** Codes that ISO 4217 lists without a minor unit: metals, baskets, tests, and "no currency". */
const WITHOUT_MINOR_UNIT = new Set('XAU XAG XPT XPD XBA XBB XBC XBD XDR XSU XUA XTS XXX'.split(' '));
const ISO_CODES = new Set(Intl.supportedValuesOf('currency').filter((code) => !WITHOUT_MINOR_UNIT.has(code)));

/** What is no currency with pence or cents (a coin, gold, or an account whose currency isn't known) may have as many as these. */
const FINEST = { digits: 8, longest: 18 };
/** Nobody's books go beyond this many digits in a currency of ISO 4217; a float does. */
const LONGEST = 8;
/** How much finer than the smallest unit a digit has to be to be noise. */
const NOISE_DIGITS = 3;

/**
 * A canonical decimal without a float's noise: rounded (half away from zero, as PostgreSQL's `round` does) to the currency's
 * digits where what lies beyond them is less than a thousandth of the smallest unit, or longer than any book is kept. Further
 * digits that a bank means (interest of 0.0125) stay, and so does what would come to nothing (0.0000001).
 */
export function withoutNoise(canonical: string, currency: string | null): string {
  const point = canonical.indexOf('.');
  if (point === -1) return canonical;
  const length = canonical.length - point - 1;
  const isIso = currency !== null && ISO_CODES.has(currency);
  const digits = isIso ? (DIGITS[currency] ?? 2) : FINEST.digits;
  if (length <= digits) return canonical;
  if (length > (isIso ? LONGEST : FINEST.longest)) return roundDecimal(canonical, digits);
  const beyond = canonical.slice(point + 1 + digits, point + 1 + digits + NOISE_DIGITS);
  const isNoise = length > digits + NOISE_DIGITS && (beyond === '000' || beyond === '999');
  const rounded = isNoise ? roundDecimal(canonical, digits) : canonical;
  return rounded === '0' ? canonical : rounded;
}

/** Several amounts of one currency without noise, and as they were sent those that had any; null where none had. */
export function roundAmounts<Amounts extends Readonly<Record<string, string | null>>>(
  sent: Amounts,
  currency: string | null,
): { kept: Amounts; asSent: Partial<Record<keyof Amounts, string>> | null } {
  const kept: Record<string, string | null> = {};
  const asSent: Record<string, string> = {};
  for (const [name, amount] of Object.entries(sent)) {
    kept[name] = amount === null ? null : withoutNoise(amount, currency);
    if (amount !== null && amount !== kept[name]) asSent[name] = amount;
  }
  // It has the names that were given, each with a decimal or null as before.
  const typed = { kept: kept as Amounts, asSent: asSent as Partial<Record<keyof Amounts, string>> };
  return { ...typed, asSent: Object.keys(asSent).length === 0 ? null : typed.asSent };
}

function entries(digits: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, digits]));
}
