/** TrueLayer's filter for the mock bank has a name unlike the bank's own. */
const MOCK = { filter: 'uk-cs-mock', bankId: 'mock' };
const GROUP = /^([a-z]{2})-([a-z0-9]+)-all$/;

/**
 * Whether a filter such as `uk-ob-all uk-oauth-all ob-amex` lets a bank in: by its group (country and type), or by its own
 * id with or without a country in front.
 */
export function offersBank(filter: readonly string[], bank: { id: string; country: string }): boolean {
  return filter.some((token) => {
    if (token === MOCK.filter) return bank.id === MOCK.bankId;
    const [, country, type] = GROUP.exec(token) ?? [];
    if (country !== undefined) return bank.country === country && bank.id.startsWith(`${type}-`);
    return token === bank.id || token === `${bank.country}-${bank.id}`;
  });
}
