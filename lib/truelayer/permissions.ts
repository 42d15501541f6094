/** What a person can be asked to share. Listed in the order in which it is asked. */
export const permissions = [
  'info',
  'accounts',
  'cards',
  'balance',
  'transactions',
  'direct_debits',
  'standing_orders',
  'offline_access',
] as const;

export type Permission = (typeof permissions)[number];

/** For each, the ones of which at least one is needed beside it. */
export const neededBeside: Readonly<Record<Permission, readonly Permission[]>> = {
  info: [],
  accounts: [],
  cards: [],
  balance: ['accounts', 'cards'],
  transactions: ['accounts', 'cards'],
  direct_debits: ['accounts'],
  standing_orders: ['accounts'],
  offline_access: [],
};

export type PermissionPlan = {
  /** What to ask this bank for, in a fixed order. */
  ask: Permission[];
  /** Wanted, but not to be had here. */
  unavailable: Permission[];
  /** False when nothing of what was wanted can be read at this bank. */
  isUsable: boolean;
};

/** A bank that has only cards offers no `accounts`; what hangs on accounts alone falls away with them. */
export function planPermissions(wanted: readonly Permission[], offered: readonly string[]): PermissionPlan {
  const shared = permissions.filter((permission) => wanted.includes(permission) && offered.includes(permission));
  const ask = shared.filter((permission) => hasItsNeeds(permission, shared));
  const unavailable = permissions.filter((permission) => wanted.includes(permission) && !ask.includes(permission));
  return { ask, unavailable, isUsable: isUsable(wanted, ask) };
}

export function isPermission(text: string): text is Permission {
  return permissions.some((permission) => permission === text);
}

/** Those of a list, or of a text with spaces between, that are known here. */
export function toPermissions(scopes: string | readonly string[]): Permission[] {
  const list = typeof scopes === 'string' ? scopes.split(/\s+/) : scopes;
  return permissions.filter((permission) => list.includes(permission));
}

function hasItsNeeds(permission: Permission, among: readonly Permission[]): boolean {
  const needs = neededBeside[permission];
  return needs.length === 0 || needs.some((need) => among.includes(need));
}

/** Who wanted accounts or cards is not served by a name alone. */
function isUsable(wanted: readonly Permission[], ask: readonly Permission[]): boolean {
  const isAbout = (list: readonly Permission[]) => list.includes('accounts') || list.includes('cards');
  return isAbout(wanted) ? isAbout(ask) : ask.includes('info');
}
