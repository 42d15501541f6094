import type { Bank } from './catalogue.ts';

export type ProviderFilter = { ok: true; banks: Bank[] } | { ok: false; unknown: string[] };

const DEFAULT_PROVIDERS = 'uk-oauth-all uk-ob-all uk-cs-mock';
const group = /^([a-z]{2})-(ob|oauth|xs2a|stet|cs|polishapi)-all$/;

/** Reads the `providers` list of an auth link: groups, single ids, and ids with a country in front. */
export function filterProviders(all: readonly Bank[], query: URLSearchParams): ProviderFilter {
  const tokens = toWords(query.get('providers') ?? legacyProviders(query) ?? DEFAULT_PROVIDERS);
  const disabled = new Set(toWords(query.get('disable_providers') ?? ''));
  const chosen = new Set<Bank>();
  const unknown: string[] = [];
  for (const token of tokens) {
    const matching = matchToken(all, token);
    if (matching === null) unknown.push(token);
    for (const bank of matching ?? []) chosen.add(bank);
  }
  if (unknown.length > 0) return { ok: false, unknown };
  return { ok: true, banks: all.filter((bank) => chosen.has(bank) && !disabled.has(bank.id)) };
}

export function toWords(text: string): string[] {
  return text.split(/[\s+]+/).filter((word) => word !== '');
}

function matchToken(all: readonly Bank[], token: string): Bank[] | null {
  if (token === 'uk-cs-mock') return all.filter((bank) => bank.id === 'mock');
  const [, country, type] = group.exec(token) ?? [];
  if (country !== undefined && type !== undefined) {
    return all.filter((bank) => bank.country === country && typeOf(bank) === type);
  }
  const bank = all.find((each) => each.id === token || `${each.country}-${each.id}` === token);
  return bank === undefined ? null : [bank];
}

function typeOf(bank: Bank): string {
  return bank.id === 'mock' ? 'cs' : (bank.id.split('-')[0] ?? '');
}

/** The older way of saying the same, one flag for each type of bank. */
function legacyProviders(query: URLSearchParams): string | null {
  const flags: [string, string][] = [
    ['enable_mock', 'uk-cs-mock'],
    ['enable_oauth_providers', 'uk-oauth-all'],
    ['enable_open_banking_providers', 'uk-ob-all'],
    ['enable_credentials_sharing_providers', 'uk-cs-all'],
    ['enable_credentials_sharing_providers_de', 'de-cs-all'],
  ];
  const groups = flags.filter(([flag]) => query.get(flag) === 'true').map(([, providers]) => providers);
  return groups.length === 0 ? null : groups.join(' ');
}
