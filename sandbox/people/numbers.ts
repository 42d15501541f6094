import type { Bank } from '#sandbox/banks/catalogue';
import { mix, seedOf } from '#sandbox/ledger/random';

export type AccountNumbers = { number: string; sortCode: string | null; iban: string; bic: string };

/** Sort codes begin with 00, which no bank in Britain uses. */
export function makeNumbers(bank: Bank, seed: number): AccountNumbers {
  const number = String(10_000_000 + (mix(seed, 173) % 89_999_999));
  const branch = String(mix(seedOf(bank.id), 179) % 10_000).padStart(4, '0');
  const sortCode = `00-${branch.slice(0, 2)}-${branch.slice(2)}`;
  const country = bank.country === 'uk' ? 'GB' : bank.country.toUpperCase();
  const letters = lettersOf(bank);
  const iban = toIban(country, basicNumber(country, letters, sortCode.replaceAll('-', '') + number, seed));
  return { number, sortCode: country === 'GB' ? sortCode : null, iban, bic: `${letters}${country}2LXXX` };
}

export function toIban(country: string, basic: string): string {
  const digits = `${basic}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = 98n - (BigInt(digits) % 97n);
  return `${country}${String(check).padStart(2, '0')}${basic}`;
}

const lengths: Record<string, number> = {
  AT: 16,
  BE: 12,
  DE: 18,
  EE: 16,
  ES: 20,
  FI: 14,
  FR: 23,
  IT: 22,
  LT: 16,
  NL: 10,
  PL: 24,
  PT: 21,
  SE: 20,
};

function basicNumber(country: string, letters: string, home: string, seed: number): string {
  if (country === 'GB' || country === 'IE') return letters + home;
  const digits = Array.from({ length: lengths[country] ?? 18 }, (_, index) => mix(seed, index, 181) % 10).join('');
  if (country === 'NL') return letters + digits;
  return country === 'IT' ? `X${digits}` : digits;
}

function lettersOf(bank: Bank): string {
  const letters = bank.id.replace(/^[a-z0-9]+-/, '').replace(/[^a-z]/g, '');
  return letters.padEnd(4, 'x').slice(0, 4).toUpperCase();
}
