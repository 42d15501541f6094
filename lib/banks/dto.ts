import type { Prisma } from '#lib/db/generated/client';
import { HOUR_MS, msBetween } from '#lib/time/span';

export type BankHealth = 'healthy' | 'troubled' | 'unknown';

export type BankSummary = {
  id: string;
  name: string;
  country: string;
  segment: 'personal' | 'business';
  health: BankHealth;
  /** What this bank can give of what we ask for, in the order in which it is asked. */
  permissions: string[];
  /** Asks something of its own before the login, on a page that only TrueLayer has. */
  hasQuestions: boolean;
  /** How many have linked it here of late. */
  popularity: number;
};

export const BANK = {
  id: true,
  displayName: true,
  country: true,
  permissions: true,
  recommendedStatus: true,
  availabilityPercent: true,
  healthCheckedAt: true,
  breakerOpenUntil: true,
  recentCalls: true,
  recentFaults: true,
  hasQuestions: true,
  popularity: true,
} satisfies Prisma.BankSelect;

type BankRow = Prisma.BankGetPayload<{ select: typeof BANK }>;

/** Below this share of good calls in the last hours a bank is said to have trouble. */
const TROUBLED_BELOW_PERCENT = 90;
/** Of our own newest calls: so many at least, and so large a share of them failed by the bank. */
const OWN_CALLS = 10;
const OWN_FAULT_SHARE = 0.5;
/** What was measured longer ago than this says nothing about now. */
const MEASURED_MS = 3 * HOUR_MS;
const BUSINESS = /(?:^|-)(?:business|commercial|bankline|corporate)(?:-|$)/;

export function toBankSummary(row: BankRow, permissions: string[], now: Date): BankSummary {
  return {
    id: row.id,
    name: row.displayName,
    country: row.country,
    segment: BUSINESS.test(row.id) ? 'business' : 'personal',
    health: healthOf(row, now),
    permissions,
    hasQuestions: row.hasQuestions,
    popularity: row.popularity,
  };
}

function healthOf(row: BankRow, now: Date): BankHealth {
  if (row.breakerOpenUntil !== null && row.breakerOpenUntil > now) return 'troubled';
  if (row.recentCalls >= OWN_CALLS && row.recentFaults > row.recentCalls * OWN_FAULT_SHARE) return 'troubled';
  const isMeasured = row.healthCheckedAt !== null && msBetween(row.healthCheckedAt, now) < MEASURED_MS;
  if (isMeasured && row.availabilityPercent !== null)
    return row.availabilityPercent.lessThan(TROUBLED_BELOW_PERCENT) ? 'troubled' : 'healthy';
  if (row.recommendedStatus === null) return 'unknown';
  return row.recommendedStatus === 'healthy' ? 'healthy' : 'troubled';
}
