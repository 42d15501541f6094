import type { BankSummary } from '#lib/banks/dto';

/** The countries of a list of banks, those with the most banks first. */
export function countriesOf(banks: readonly Pick<BankSummary, 'country'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { country } of banks) counts.set(country, (counts.get(country) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([country]) => country);
}

const names = new Intl.DisplayNames('en-GB', { type: 'region' });

/** TrueLayer writes Britain as `uk`. */
export function toCountryName(code: string): string {
  return names.of(code === 'uk' ? 'GB' : code.toUpperCase()) ?? code.toUpperCase();
}
