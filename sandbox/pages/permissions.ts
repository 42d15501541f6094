type Cluster = { name: string; lines: string[] };

const lines: [cluster: string, scope: string, line: string][] = [
  ['Your account details', 'accounts', 'Account names, types, numbers and sort codes'],
  ['Your account details', 'balance', 'Balances'],
  ['Your account details', 'cards', 'Card names, types and last four digits'],
  ['Your regular payments', 'direct_debits', 'Direct debits'],
  ['Your regular payments', 'standing_orders', 'Standing orders'],
  ['Your account transactions', 'transactions', 'Payments in and out, with amounts, dates and descriptions'],
  ['Your contact details', 'info', 'Your full name, and addresses, emails and phone numbers if the bank has them'],
];

/** Groups what is asked the way that UK open banking screens do. */
export function clustersOf(scopes: readonly string[]): Cluster[] {
  const asked = lines.filter(([, scope]) => scopes.includes(scope));
  const names = [...new Set(asked.map(([cluster]) => cluster))];
  return names.map((name) => ({
    name,
    lines: asked.filter(([cluster]) => cluster === name).map(([, , line]) => line),
  }));
}
