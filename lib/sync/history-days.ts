import type { AccountKind } from '#lib/truelayer/call';

/** How far back to ask a bank that nothing is remembered of. */
const USUAL_DAYS = 730;
const SIX_YEARS = 2190;

/** As integrators met them; the start of a ladder and no promise. What a bank accepts is remembered in its row. */
const KNOWN: readonly [prefix: string, accountDays: number, cardDays: number][] = [
  ['ob-aib', 730, 730],
  ['ob-boi', 366, 366],
  ['ob-ptsb', 366, 180],
  ['ob-danske', 760, 730],
  ['ob-nationwide', 450, 90],
  ...['ob-revolut', 'ob-monzo', 'ob-starling', 'ob-mettle', 'ob-cashplus', 'ob-transferwise', 'ob-tsb', 'ob-tide'].map(
    (prefix): [string, number, number] => [prefix, SIX_YEARS, SIX_YEARS],
  ),
  ...['ob-chelsea', 'ob-yorkshire'].map((prefix): [string, number, number] => [prefix, SIX_YEARS, SIX_YEARS]),
  ...['ob-natwest', 'ob-rbs', 'ob-ulster', 'ob-lloyds', 'ob-halifax', 'ob-bos', 'ob-mbna'].map(
    (prefix): [string, number, number] => [prefix, SIX_YEARS, 180],
  ),
  ...['ob-hsbc', 'ob-first-direct', 'ob-ms'].map((prefix): [string, number, number] => [prefix, SIX_YEARS, 180]),
];

export type BankMemory = { accountHistoryDays: number | null; cardHistoryDays: number | null };

/** How many days back the first request for an account goes. */
export function historyDaysOf(bankId: string, memory: BankMemory, kind: AccountKind): number {
  const remembered = kind === 'account' ? memory.accountHistoryDays : memory.cardHistoryDays;
  if (remembered !== null) return remembered;
  const known = KNOWN.find(([prefix]) => bankId === prefix || bankId.startsWith(`${prefix}-`));
  return known?.[kind === 'account' ? 1 : 2] ?? USUAL_DAYS;
}
