import { AppError } from '#lib/errors/app-error';
import { isPermission, type Permission } from '#lib/truelayer/permissions';

/** A group of data as a person decides about it; named as the UK Customer Experience Guidelines name their clusters. */
export type DataGroup = {
  id: 'accounts' | 'transactions' | 'payments' | 'holder';
  title: string;
  permissions: readonly Permission[];
  /** What is read, in plain words; only the lines of permissions that are asked for are shown. */
  details: readonly { permission: Permission; text: string }[];
  purpose: string;
  /** What stops working when it is declined; null when nothing works without it. */
  whenDeclined: string | null;
};

export const DATA_GROUPS: readonly DataGroup[] = [
  {
    id: 'accounts',
    title: 'Your account details',
    permissions: ['accounts', 'cards', 'balance', 'offline_access'],
    details: [
      { permission: 'accounts', text: 'The name, type, currency and numbers of each account you choose at your bank' },
      { permission: 'cards', text: 'The name, network and last digits of each credit card you choose' },
      { permission: 'balance', text: 'The balance, and any overdraft or credit limit' },
      { permission: 'offline_access', text: 'Up to date a few times a day, also while you are not here' },
    ],
    purpose: 'To show your accounts and balances in one place.',
    whenDeclined: null,
  },
  {
    id: 'transactions',
    title: 'Your account transactions',
    permissions: ['transactions'],
    details: [
      {
        permission: 'transactions',
        text: 'What came in and went out: date, amount, description, and what is still pending',
      },
    ],
    purpose: 'To list what you spent and received, and sort it for you.',
    whenDeclined: 'You will see balances only: no transactions, no categories, no charts of spending.',
  },
  {
    id: 'payments',
    title: 'Your regular payments',
    permissions: ['direct_debits', 'standing_orders'],
    details: [
      { permission: 'direct_debits', text: 'Direct Debits: who collects, and what was collected last' },
      { permission: 'standing_orders', text: 'Standing orders: to whom, how much, and when next' },
    ],
    purpose: 'To show what will leave your account next.',
    whenDeclined: 'We can’t show your Direct Debits and standing orders.',
  },
  {
    id: 'holder',
    title: 'Your name and contact details',
    permissions: ['info'],
    details: [{ permission: 'info', text: 'Your name as your bank has it, and any address, e-mail or phone it gives' }],
    purpose: 'To make sure that the accounts are yours.',
    whenDeclined: 'We can’t show whose name is on the accounts.',
  },
];

export type GroupId = DataGroup['id'];
export const OPTIONAL_GROUPS = DATA_GROUPS.filter((group) => group.whenDeclined !== null).map((group) => group.id);

/**
 * What isn't a group that can be left out is refused: ignoring it could share, or erase, more than was meant.
 * @throws {AppError} invalid `group_unknown`
 */
export function requireKnownGroups(ids: readonly string[]): void {
  const isKnown = (id: string) => OPTIONAL_GROUPS.some((group) => group === id);
  if (!ids.every(isKnown)) throw new AppError('invalid', 'group_unknown');
}

const PERMISSION_NAMES: Readonly<Record<Permission, string>> = {
  info: 'Name and contact details',
  accounts: 'Accounts',
  cards: 'Credit cards',
  balance: 'Balances',
  transactions: 'Transactions',
  direct_debits: 'Direct Debits',
  standing_orders: 'Standing orders',
  offline_access: 'Updates while you are away',
};

/** A single permission in words; one that is unknown here by its own name. */
export function permissionName(permission: string): string {
  return isPermission(permission) ? PERMISSION_NAMES[permission] : permission;
}
