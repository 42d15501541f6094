import type { AccountFace } from '#components/account/account-card';
import type { AccountSummary, ResourceTrouble } from '#lib/accounts/dto';

const TYPES: Readonly<Record<string, string>> = {
  TRANSACTION: 'Current account',
  SAVINGS: 'Savings account',
  SAVING: 'Savings account',
  BUSINESS_TRANSACTION: 'Business account',
  BUSINESS_SAVINGS: 'Business savings',
};

export function accountKind(account: Pick<AccountSummary, 'kind' | 'type' | 'cardNetwork'>): string {
  if (account.kind === 'card') return 'Credit card';
  return TYPES[account.type ?? ''] ?? 'Account';
}

/** A card's balance is what is owed: shown as a person has it, which is less than nothing. */
export function purseBalance(
  account: Pick<AccountSummary, 'kind' | 'balance'>,
): { amount: string; currency: string } | null {
  if (account.balance === null) return null;
  const { current, currency } = account.balance;
  return { amount: account.kind === 'card' ? negated(current) : current, currency };
}

export function toAccountFace(account: AccountSummary): AccountFace {
  const { balance } = account;
  return {
    id: account.id,
    href: `/accounts/${account.id}`,
    name: account.name.trim(),
    kind: accountKind(account),
    number: account.numberHint ?? undefined,
    balance: purseBalance(account),
    ...(balance === null || balance.available === null
      ? {}
      : {
          second: {
            label: account.kind === 'card' ? 'Credit left' : 'Available',
            amount: balance.available,
            currency: balance.currency,
          },
        }),
    ...(balance === null ? {} : { updatedAt: balance.readAt }),
    ...noteOf(account),
  };
}

/** What the user should know of an account before they look at its figures. */
function noteOf(account: AccountSummary): Pick<AccountFace, 'note'> {
  if (account.goneAt !== null) return { note: { words: 'Your bank no longer lists it', tone: 'caution' } };
  if (account.syncStoppedAt !== null) return { note: { words: 'You stopped syncing it' } };
  return account.hiddenAt === null ? {} : { note: { words: 'Hidden' } };
}

const RESOURCES: Readonly<Record<string, string>> = {
  accounts: 'The list of accounts',
  cards: 'The list of cards',
  info: 'Who holds the account',
  balance: 'The balance',
  transactions: 'Transactions',
  pending: 'Pending transactions',
  direct_debits: 'Direct Debits',
  standing_orders: 'Standing orders',
};

/** What couldn’t be had, kind by kind, and what that means. */
export function troubleWords(trouble: ResourceTrouble): string {
  const what = RESOURCES[trouble.resource] ?? 'Some data';
  switch (trouble.state) {
    case 'unsupported':
      return `${what}: your bank doesn’t offer this.`;
    case 'needs_sign_in':
      return `${what}: your bank shows this only just after you log in there.`;
    case 'refused':
      return `${what}: your bank doesn’t let us see this for this account.`;
    case 'waiting':
      return `${what}: today’s background requests are used up. It comes with the next update.`;
    default:
      return `${what}: couldn’t be fetched the last time. We try again by ourselves.`;
  }
}

/** Why there is nothing from before the first day. */
export function historyLimitWords(code: string): string {
  switch (code) {
    case 'history_interrupted':
      return 'it didn’t answer in the minutes after you logged in there';
    case 'rows_capped':
      return 'it leaves older ones out of what it sends';
    case 'sca_exceeded':
      return 'it shows older ones only in the minutes after you log in there';
    case 'invalid_date_range':
      return 'it doesn’t look further back';
    default:
      return 'it refused to show older ones';
  }
}

function negated(amount: string): string {
  if (/^-?0*(?:\.0*)?$/.test(amount)) return amount;
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}
