import 'server-only';
import { isUuid } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import { VISIBLE } from '#lib/db/visible-transaction';
import { applyWords, type RuleWords, type Worked } from '#lib/enrich/apply-words';
import { NotFoundError } from '#lib/errors/app-error';
import { dayIn, type TimeZone } from '#lib/time/calendar';
import { type Day, dayOf } from '#lib/time/day';
import { listGroupIds } from './account-group.ts';
import { nameOf } from './account-name.ts';
import { loadRules } from './load-rules.ts';
import { accountsOf, BANK_COUNTRY, zoneOf } from './own-account.ts';
import {
  BOOKED,
  PENDING,
  type RulesByKey,
  type TransactionLine,
  toBookedLine,
  toPendingLine,
  toWorked,
} from './transaction-dto.ts';

export type TransactionDetail = TransactionLine & {
  accountName: string;
  bankId: string;
  bankName: string;
  /** Of the account's calendar. */
  zone: TimeZone;
  /** What the rules say by themselves, without anything that the person said. */
  worked: Worked;
  /** What the person said once and for all about this merchant. */
  rule: RuleWords | null;
  /** What the person said about this one: null where it is left to the rules. */
  edit: {
    note: string | null;
    category: string | null;
    merchantName: string | null;
    isTransfer: boolean | null;
  } | null;
  otherSide: OtherSide | null;
};

export type OtherSide = {
  accountId: string;
  accountName: string;
  bankName: string;
  transactionId: string;
  day: string;
};

const ACCOUNT = {
  select: {
    displayName: true,
    ownName: true,
    connection: { select: { bankId: true, bankName: true, ...BANK_COUNTRY } },
  },
} as const;

/**
 * One of a person's transactions, booked or pending, with why it is called what it is called.
 * @throws {NotFoundError}
 */
export async function getTransaction(
  ctx: Context,
  { accountId, transactionId }: { accountId: string; transactionId: string },
): Promise<TransactionDetail> {
  if (!isUuid(transactionId) || !isUuid(accountId)) throw new NotFoundError('transaction');
  const accountIds = await listGroupIds(ctx, accountId);
  const where = { id: transactionId, accountId: { in: accountIds }, account: accountsOf(ctx.actor) };
  const booked = await ctx.db.transaction.findFirst({
    where: { ...where, ...VISIBLE },
    select: { ...BOOKED, account: ACCOUNT },
  });
  if (booked !== null) {
    const row = toWorked(booked);
    const rules = await loadRules(ctx, accountId, [row.worked.merchantKey]);
    return toDetail(
      booked,
      toBookedLine(row, { rules, today: todayOf(ctx, booked) }),
      row.worked,
      rules,
      await findOtherSide(ctx, booked.transfer),
    );
  }
  const pending = await ctx.db.pendingTransaction.findFirst({ where, select: { ...PENDING, account: ACCOUNT } });
  if (pending === null) throw new NotFoundError('transaction');
  const row = toWorked(pending);
  const rules = await loadRules(ctx, accountId, [row.worked.merchantKey]);
  return toDetail(pending, toPendingLine(row, { rules, today: todayOf(ctx, pending) }), row.worked, rules, null);
}

type Held = {
  account: {
    displayName: string;
    ownName: string | null;
    connection: { bankId: string; bankName: string; bank: { country: string } };
  };
  edit: TransactionDetail['edit'];
};

function todayOf(ctx: Context, { account }: Pick<Held, 'account'>): Day {
  return dayIn(zoneOf(account), ctx.clock.now());
}

function toDetail(
  { account, edit }: Held,
  line: TransactionLine,
  worked: Worked,
  rules: RulesByKey,
  otherSide: OtherSide | null,
): TransactionDetail {
  const rule = rules.get(worked.merchantKey) ?? null;
  const { bankId, bankName } = account.connection;
  const zone = zoneOf(account);
  return { ...line, accountName: nameOf(account), bankId, bankName, zone, worked, rule, edit, otherSide };
}

async function findOtherSide(ctx: Context, transfer: { otherTransactionId: string } | null): Promise<OtherSide | null> {
  if (transfer === null) return null;
  const other = await ctx.db.transaction.findFirst({
    where: { id: transfer.otherTransactionId, account: accountsOf(ctx.actor), ...VISIBLE },
    select: { id: true, accountId: true, bookedOn: true, account: ACCOUNT },
  });
  if (other === null) return null;
  return {
    accountId: other.accountId,
    accountName: nameOf(other.account),
    bankName: other.account.connection.bankName,
    transactionId: other.id,
    day: dayOf(other.bookedOn),
  };
}

/** What it would be called without what the person said about this one row. */
export function toldWithoutEdit({ worked, rule, transfer }: TransactionDetail, isTransfer: boolean | null) {
  const edit = { merchantName: null, category: null, isTransfer };
  return applyWords(worked, { edit, rule, isPaired: transfer !== null });
}
