import { STATUS_FACTS, toStatusFacts } from '#lib/connections/settle-status';
import { type ConnectionStatus, decideStatus } from '#lib/connections/status';
import type { Prisma } from '#lib/db/generated/client';
import type { CallBudget } from './calls-used.ts';

/** One connection as the team sees it among many. */
export type ConnectionLine = {
  id: string;
  personId: string;
  email: string;
  bankId: string;
  bankName: string;
  status: ConnectionStatus;
  statusReason: string | null;
  connectedAt: Date;
  consentExpiresAt: Date | null;
  lastSyncedAt: Date | null;
  lastErrorCode: string | null;
  lastErrorAt: Date | null;
};

export type ConnectionLineWithCalls = ConnectionLine & { calls: CallBudget };

export const LINE = {
  ...STATUS_FACTS,
  id: true,
  userId: true,
  bankId: true,
  bankName: true,
  statusReason: true,
  connectedAt: true,
  lastErrorCode: true,
  lastErrorAt: true,
  user: { select: { email: true } },
  bank: { select: { limitsPerEndpoint: true } },
} satisfies Prisma.ConnectionSelect;

export type LineRow = Prisma.ConnectionGetPayload<{ select: typeof LINE }>;

/** The status is decided anew, so that the list never shows what the last job thought. */
export function toConnectionLine(row: LineRow, now: Date): ConnectionLine {
  return {
    id: row.id,
    personId: row.userId,
    email: row.user.email,
    bankId: row.bankId,
    bankName: row.bankName,
    status: decideStatus(toStatusFacts(row), now),
    statusReason: row.statusReason,
    connectedAt: row.connectedAt,
    consentExpiresAt: row.consentExpiresAt,
    lastSyncedAt: row.lastSyncedAt,
    lastErrorCode: row.lastErrorCode,
    lastErrorAt: row.lastErrorAt,
  };
}
