import type { Prisma } from '#lib/db/generated/client';
import type { TimeZone } from '#lib/time/calendar';
import { dayOf } from '#lib/time/day';
import { nameOf } from './account-name.ts';
import { BANK_COUNTRY, zoneOf } from './own-account.ts';

/** Amounts are decimal text, exactly as the bank sent them; days are `YYYY-MM-DD`. */
export type AccountSummary = {
  id: string;
  connectionId: string;
  bankId: string;
  bankName: string;
  kind: 'account' | 'card';
  /** The bank's word for the kind of account: `TRANSACTION`, `SAVINGS`; null for cards. */
  type: string | null;
  /** The user's own name for it, else the bank's. */
  name: string;
  /** The bank's name, where the user gave it another one. */
  nameAtBank: string | null;
  currency: string;
  /** The last digits of the number. */
  numberHint: string | null;
  cardNetwork: string | null;
  balance: AccountBalances | null;
  /** Set when the bank no longer lists it: what is stored stays. */
  goneAt: Date | null;
  /** The user hid it: not in lists and totals. */
  hiddenAt: Date | null;
  /** The user stopped syncing it: what is stored stays. */
  syncStoppedAt: Date | null;
  /** Of its calendar: its days, and what is today. */
  zone: TimeZone;
};

export type AccountBalances = {
  /** For a card: what is owed. */
  current: string;
  available: string | null;
  overdraft: string | null;
  creditLimit: string | null;
  currency: string;
  readAt: Date;
};

/** Whole days, both included. */
export type DaySpan = { from: string; to: string };

/** Which days an account's transactions are known for: from the first to the last, and the holes between them. */
export type Coverage = { covered: DaySpan | null; gaps: DaySpan[] };

/** One kind of an account's data that is not as it should be, and why. */
export type ResourceTrouble = { resource: string; state: string; code: string | null; lastOkAt: Date | null };

/** A card's last statement, and what is to be paid of it. */
export type CardStatement = {
  balance: string | null;
  on: string | null;
  due: string | null;
  dueOn: string | null;
  currency: string;
};

export type AccountDetail = AccountSummary & {
  statement: CardStatement | null;
  /** Transactions are complete from this day to that one. */
  coveredFrom: string | null;
  coveredTo: string | null;
  /** Days in between that the bank never gave. */
  gaps: DaySpan[];
  /** Why the history goes no further back. */
  historyLimitCode: string | null;
  /** From this day on transactions are missing that a new login at the bank may bring. */
  historyMissingFrom: string | null;
  pendingAt: Date | null;
  troubles: ResourceTrouble[];
  /** The account that is shown instead of this one, since the user joined the two. */
  joinedIntoId: string | null;
};

export const ACCOUNT_SUMMARY = {
  id: true,
  connectionId: true,
  kind: true,
  type: true,
  displayName: true,
  ownName: true,
  hiddenAt: true,
  syncStoppedAt: true,
  currency: true,
  numberHint: true,
  cardNetwork: true,
  currentBalance: true,
  availableBalance: true,
  overdraft: true,
  creditLimit: true,
  balanceCurrency: true,
  balanceAt: true,
  goneAt: true,
  connection: { select: { bankId: true, bankName: true, ...BANK_COUNTRY } },
} satisfies Prisma.BankAccountSelect;

export const ACCOUNT_DETAIL = {
  ...ACCOUNT_SUMMARY,
  historyLimitCode: true,
  historyMissingFrom: true,
  pendingAt: true,
  joinedIntoId: true,
  balances: {
    select: { lastStatementBalance: true, lastStatementOn: true, paymentDue: true, paymentDueOn: true, currency: true },
    orderBy: { readAt: 'desc' },
    take: 1,
  },
  resources: { select: { resource: true, state: true, code: true, lastOkAt: true } },
} satisfies Prisma.BankAccountSelect;

type SummaryRow = Prisma.BankAccountGetPayload<{ select: typeof ACCOUNT_SUMMARY }>;
type DetailRow = Prisma.BankAccountGetPayload<{ select: typeof ACCOUNT_DETAIL }>;

export function toAccountSummary(row: SummaryRow): AccountSummary {
  return {
    id: row.id,
    connectionId: row.connectionId,
    bankId: row.connection.bankId,
    bankName: row.connection.bankName,
    kind: row.kind,
    type: row.type,
    name: nameOf(row),
    nameAtBank: row.ownName === null ? null : row.displayName.trim(),
    currency: row.currency,
    numberHint: row.numberHint,
    cardNetwork: row.cardNetwork,
    balance: toBalances(row),
    goneAt: row.goneAt,
    hiddenAt: row.hiddenAt,
    syncStoppedAt: row.syncStoppedAt,
    zone: zoneOf(row),
  };
}

export function toAccountDetail(row: DetailRow, { covered, gaps }: Coverage): AccountDetail {
  return {
    ...toAccountSummary(row),
    statement: toStatement(row),
    coveredFrom: covered?.from ?? null,
    coveredTo: covered?.to ?? null,
    gaps,
    historyLimitCode: row.historyLimitCode,
    historyMissingFrom: row.historyMissingFrom === null ? null : dayOf(row.historyMissingFrom),
    pendingAt: row.pendingAt,
    joinedIntoId: row.joinedIntoId,
    troubles: row.resources.filter(({ state }) => state !== 'ok').map(({ ...trouble }) => trouble),
  };
}

function toStatement({ kind, balances }: DetailRow): CardStatement | null {
  const [reading] = balances;
  if (kind !== 'card' || reading === undefined) return null;
  const { lastStatementBalance, lastStatementOn, paymentDue, paymentDueOn, currency } = reading;
  return {
    balance: lastStatementBalance?.toFixed() ?? null,
    on: lastStatementOn === null ? null : dayOf(lastStatementOn),
    due: paymentDue?.toFixed() ?? null,
    dueOn: paymentDueOn === null ? null : dayOf(paymentDueOn),
    currency,
  };
}

function toBalances(row: SummaryRow): AccountBalances | null {
  if (row.currentBalance === null || row.balanceAt === null) return null;
  return {
    current: row.currentBalance.toFixed(),
    available: row.availableBalance?.toFixed() ?? null,
    overdraft: row.overdraft?.toFixed() ?? null,
    creditLimit: row.creditLimit?.toFixed() ?? null,
    currency: row.balanceCurrency ?? row.currency,
    readAt: row.balanceAt,
  };
}
