import 'server-only';
import type { Prisma } from '#lib/db/generated/client';
import type { NewAttempt } from './attempt.ts';

/** A connection whose consent is to be renewed or changed, as the verbs for it need it. */
export const RENEWING = {
  id: true,
  userId: true,
  bankId: true,
  bankName: true,
  status: true,
  statusReason: true,
  endedAt: true,
  revokingSince: true,
  consentExpiresAt: true,
  endPendingSince: true,
  grantRefusedAt: true,
  grantRefusedCode: true,
  firstDataAt: true,
  lastSyncedAt: true,
  failures: true,
  bank: { select: { country: true, hasQuestions: true } },
  permissions: { select: { permission: true } },
} satisfies Prisma.ConnectionSelect;

export type Renewing = Prisma.ConnectionGetPayload<{ select: typeof RENEWING }>;

export type RenewalTrip = { attempt: NewAttempt; connection: Renewing; permissions: readonly string[] };
