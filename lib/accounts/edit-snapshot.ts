import type { Prisma } from '#lib/db/generated/client';
import { dayOf } from '#lib/time/day';
import type { WaitingEdit } from './match-edit.ts';

type SnapshotSource = {
  day: Date | null;
  effect: Prisma.Decimal;
  currency: string;
  description: string;
  merchantName: string | null;
  category: string;
  classification: string[];
  firstSeenAt: Date;
};

/** What an edit keeps of its transaction, so that it can be recognised and shown when the row is gone. */
export function toSnapshot(row: SnapshotSource) {
  return {
    snapshotDay: row.day,
    snapshotEffect: row.effect,
    snapshotCurrency: row.currency,
    snapshotDescription: row.description,
    snapshotMerchantName: row.merchantName,
    snapshotCoding: row.category,
    snapshotClassification: row.classification,
    snapshotFirstSeenAt: row.firstSeenAt,
  };
}

export const SNAPSHOT = {
  id: true,
  snapshotDay: true,
  snapshotEffect: true,
  snapshotCurrency: true,
  snapshotDescription: true,
  snapshotMerchantName: true,
  snapshotCoding: true,
  snapshotClassification: true,
  snapshotFirstSeenAt: true,
  rival: true,
} satisfies Prisma.TransactionEditSelect;

/** Null for an edit that nothing is known to match by. A pending row without a date counts from the day it came. */
export function toWaitingEdit(row: Prisma.TransactionEditGetPayload<{ select: typeof SNAPSHOT }>): WaitingEdit | null {
  const { snapshotDay, snapshotEffect, snapshotFirstSeenAt, rival } = row;
  if (snapshotEffect === null || snapshotFirstSeenAt === null) return null;
  return {
    id: row.id,
    day: dayOf(snapshotDay ?? snapshotFirstSeenAt),
    effect: snapshotEffect,
    currency: row.snapshotCurrency ?? '',
    description: row.snapshotDescription ?? '',
    merchantName: row.snapshotMerchantName,
    coding: row.snapshotCoding,
    classification: row.snapshotClassification,
    firstSeenAt: snapshotFirstSeenAt,
    rival: rival === 'same_amount' || rival === 'same_merchant' ? rival : null,
  };
}
