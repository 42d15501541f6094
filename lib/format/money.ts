import { fractionDigitsOf, parseDecimalText, signOf } from './decimal.ts';

export type SignShown = 'negative' | 'always' | 'never';
export type MoneyParts = { whole: string; fraction: string };

/** `£1,238.60`, `−€4.00`. No digit that the bank sent is dropped, even where the currency has fewer. */
export function formatMoney(amount: string, currency: string, sign: SignShown = 'negative'): string {
  const { whole, fraction } = splitMoney(amount, currency, sign);
  return whole + fraction;
}

/** The same text in two pieces, so that a large balance can set its pence smaller. */
export function splitMoney(amount: string, currency: string, sign: SignShown = 'negative'): MoneyParts {
  const text = parseDecimalText(amount);
  const parts: MoneyParts = { whole: '', fraction: '' };
  for (const { type, value } of moneyFormat(currency, fractionDigitsOf(text), sign).formatToParts(text)) {
    if (type === 'decimal' || type === 'fraction') parts.fraction += value;
    else parts.whole += type === 'minusSign' ? MINUS : value;
  }
  if (!isCurrencyCode(currency) && currency !== '' && currency !== NO_CURRENCY) parts.fraction += ` ${currency}`;
  return parts;
}

/** A balance as it should be read out: many screen readers skip a minus sign. */
export function toSpokenBalance(amount: string, currency: string): string {
  const text = formatMoney(amount, currency, 'never');
  return signOf(amount) === 'negative' ? `minus ${text}` : text;
}

/** A movement as it should be read out: `£4.20 out`, `£1,900.00 in`. */
export function toSpokenMovement(amount: string, currency: string): string {
  const text = formatMoney(amount, currency, 'never');
  const sign = signOf(amount);
  return sign === 'zero' ? text : `${text} ${sign === 'negative' ? 'out' : 'in'}`;
}

/** ISO 4217's code for none: an account whose bank hasn't named a currency yet. Its amounts are shown bare. */
const NO_CURRENCY = 'XXX';
const MINUS = '\u2212';
const INTL_SIGN = { negative: 'negative', always: 'exceptZero', never: 'never' } as const;
const formats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string, fractionDigits: number, sign: SignShown): Intl.NumberFormat {
  const key = `${currency} ${fractionDigits} ${sign}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = makeFormat(currency, fractionDigits, sign);
  if (formats.size < 500) formats.set(key, made);
  return made;
}

function makeFormat(currency: string, fractionDigits: number, sign: SignShown): Intl.NumberFormat {
  const signDisplay = INTL_SIGN[sign];
  if (!isCurrencyCode(currency)) {
    return new Intl.NumberFormat('en-GB', { signDisplay, maximumFractionDigits: Math.max(fractionDigits, 2) });
  }
  const options = { style: 'currency', currency, signDisplay } as const;
  const usual = new Intl.NumberFormat('en-GB', options).resolvedOptions().minimumFractionDigits ?? 2;
  return new Intl.NumberFormat('en-GB', {
    ...options,
    minimumFractionDigits: usual,
    maximumFractionDigits: Math.max(usual, fractionDigits),
  });
}

function isCurrencyCode(currency: string): boolean {
  return /^[A-Za-z]{3}$/.test(currency) && currency !== NO_CURRENCY;
}
