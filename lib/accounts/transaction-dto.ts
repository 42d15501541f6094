import { z } from 'zod';
import type { Prisma } from '#lib/db/generated/client';
import { applyWords, type EditWords, type RuleWords, type Told, type Worked } from '#lib/enrich/apply-words';
import { type CategoryReason, enrichRow, type MerchantReason } from '#lib/enrich/enrich-row';
import { type Day, dayOf } from '#lib/time/day';
import type { DateDoubt } from '#lib/truelayer/transactions';

export type TransactionLine = Told & {
  id: string;
  accountId: string;
  isPending: boolean;
  /** The day of the posting; for a pending one, the day on which it was made. */
  day: string;
  /** Later than today in the account's calendar. */
  isDatedAhead: boolean;
  /** Why `day` isn't the bank's own. */
  dateDoubt: DateDoubt | null;
  /** The date as the bank wrote it; empty for none. */
  dateAsSent: string;
  /** When the bank tells the time of day. */
  at: Date | null;
  description: string;
  /** As TrueLayer or the bank named it; `name` is what people call it. */
  merchant: string | null;
  /** What an "always" hangs on. */
  merchantKey: string;
  amount: string;
  /** The amount as the bank sent it, where a float's noise was taken off; else null. */
  amountAsSent: string | null;
  /** Seen from the person's purse: negative is money spent, on a card too. */
  effect: string;
  currency: string;
  type: string;
  /** The bank's coding made uniform: `PURCHASE`, `DIRECT_DEBIT`. */
  coding: string;
  /** TrueLayer's analysis: class and sub-class, or nothing. */
  classification: string[];
  note: string | null;
  /** The row in another of the person's accounts that is the other half of it. */
  transfer: { transactionId: string; reason: string } | null;
  runningBalance: string | null;
  /** The bank's word for the direction contradicts the sign; the sign is believed. */
  isSignMismatch: boolean;
};

export type TransactionPage = {
  pending: TransactionLine[];
  booked: TransactionLine[];
  /** Hand it in to read on; null at the end. */
  nextCursor: string | null;
  /** In the account's calendar. */
  today: Day;
};

const Doubt = z.enum(['impossible', 'unreadable', 'missing']).nullable();
const AsSent = z.object({ amount: z.string().optional() }).nullable();

const EDIT = { select: { note: true, category: true, merchantName: true, isTransfer: true } } as const;

const ENRICHMENT = {
  select: {
    merchantKey: true,
    merchantName: true,
    merchantReason: true,
    category: true,
    categoryReason: true,
  },
} as const;

const COMMON = {
  id: true,
  accountId: true,
  description: true,
  merchantName: true,
  amount: true,
  effect: true,
  currency: true,
  type: true,
  category: true,
  classification: true,
  timestampText: true,
  dateDoubt: true,
  amountsAsSent: true,
  edit: EDIT,
} as const;

export const BOOKED = {
  ...COMMON,
  bookedOn: true,
  bookedAt: true,
  position: true,
  merchantSource: true,
  runningBalance: true,
  isSignMismatch: true,
  enrichment: ENRICHMENT,
  transfer: { select: { otherTransactionId: true, reason: true } },
} satisfies Prisma.TransactionSelect;

export const PENDING = { ...COMMON, madeOn: true } satisfies Prisma.PendingTransactionSelect;

export type BookedRow = Prisma.TransactionGetPayload<{ select: typeof BOOKED }>;
export type PendingRow = Prisma.PendingTransactionGetPayload<{ select: typeof PENDING }>;
type CommonRow = Omit<PendingRow, 'madeOn'> & Partial<Pick<BookedRow, 'merchantSource' | 'enrichment' | 'transfer'>>;

/** A row with what was worked out about it: stored, or (for what is pending or quite new) worked out now by the same rules. */
export type WorkedRow<Row> = { row: Row; worked: Worked };

export function toWorked<Row extends CommonRow>(row: Row): WorkedRow<Row> {
  return { row, worked: row.enrichment == null ? enrichNow(row) : storedOf(row.enrichment) };
}

function enrichNow(row: CommonRow): Worked {
  return enrichRow({
    description: row.description,
    merchantName: row.merchantName,
    merchantSource: row.merchantSource ?? null,
    coding: row.category,
    classification: row.classification,
    isMoneyIn: row.effect.isPositive() && !row.effect.isZero(),
  });
}

function storedOf(stored: NonNullable<BookedRow['enrichment']>): Worked {
  // Only the rules write these two columns, and only with codes of these unions.
  const reasons = stored as { merchantReason: MerchantReason; categoryReason: CategoryReason };
  return { ...stored, merchantReason: reasons.merchantReason, categoryReason: reasons.categoryReason };
}

/** What a person said once and for all, by merchant. */
export type RulesByKey = ReadonlyMap<string, RuleWords>;

/** What a line is read against: the person's rules, and today in the account's calendar. */
export type Reading = { rules: RulesByKey; today: Day };

export function toBookedLine({ row, worked }: WorkedRow<BookedRow>, { rules, today }: Reading): TransactionLine {
  const day = dayOf(row.bookedOn);
  return {
    ...toCommon(row, worked, rules),
    isPending: false,
    day,
    isDatedAhead: day > today,
    at: row.bookedAt,
    transfer:
      row.transfer === null ? null : { transactionId: row.transfer.otherTransactionId, reason: row.transfer.reason },
    runningBalance: row.runningBalance?.toFixed() ?? null,
    isSignMismatch: row.isSignMismatch,
  };
}

export function toPendingLine({ row, worked }: WorkedRow<PendingRow>, { rules, today }: Reading): TransactionLine {
  const day = dayOf(row.madeOn);
  const absent = { at: null, transfer: null, runningBalance: null, isSignMismatch: false };
  return { ...toCommon(row, worked, rules), ...absent, isPending: true, day, isDatedAhead: day > today };
}

function toCommon(row: CommonRow, worked: Worked, rules: RulesByKey) {
  const edit: EditWords | null = row.edit;
  const rule = rules.get(worked.merchantKey) ?? null;
  return {
    ...applyWords(worked, { edit, rule, isPaired: row.transfer != null }),
    id: row.id,
    accountId: row.accountId,
    description: row.description.trim(),
    merchant: row.merchantName?.trim() ?? null,
    merchantKey: worked.merchantKey,
    amount: row.amount.toFixed(),
    amountAsSent: AsSent.parse(row.amountsAsSent)?.amount ?? null,
    dateDoubt: Doubt.parse(row.dateDoubt),
    dateAsSent: row.timestampText,
    effect: row.effect.toFixed(),
    currency: row.currency,
    type: row.type,
    coding: row.category,
    classification: row.classification,
    note: row.edit?.note ?? null,
  };
}
