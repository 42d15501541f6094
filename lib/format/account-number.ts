/** `20-12-34`. What isn't six digits is left as the bank sent it. */
export function formatSortCode(sortCode: string): string {
  const digits = sortCode.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? `${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4)}` : sortCode;
}

/** `•••• 5678`, from a whole number or from its last digits. Never more than half of what came in. */
export function maskNumber(number: string): string {
  return `${DOTS} ${lastDigits(number)}`;
}

/** The same to be read out: `ending 5678`. */
export function toSpokenNumber(number: string): string {
  return `ending ${lastDigits(number)}`;
}

/** `GB29 •••• 6819`. */
export function maskIban(iban: string): string {
  const text = iban.replace(/\s/g, '').toUpperCase();
  if (!isIban(text)) return maskNumber(text);
  return `${text.slice(0, 4)} ${DOTS} ${text.slice(-4)}`;
}

/** `GB29 NWBK 6016 1331 9268 19`. */
export function formatIban(iban: string): string {
  const text = iban.replace(/\s/g, '').toUpperCase();
  return isIban(text) ? text.replace(/.{4}(?=.)/g, '$& ') : iban;
}

const DOTS = '\u2022\u2022\u2022\u2022';

function lastDigits(number: string): string {
  const text = number.replace(/[^0-9A-Za-z]/g, '');
  return text.slice(text.length > 4 ? -Math.min(4, Math.floor(text.length / 2)) : 0);
}

function isIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(text);
}
