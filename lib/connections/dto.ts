import { nameOf } from '#lib/accounts/account-name';
import type { Prisma } from '#lib/db/generated/client';
import type { ConnectionFaults } from './faults/list-faults.ts';
import { STATUS_FACTS, toStatusFacts } from './settle-status.ts';
import { type ConnectionStatus, decideStatus, isEndPending } from './status.ts';

export type AccountLine = { id: string; name: string; kind: 'account' | 'card'; numberHint: string | null };

export type ConnectionSummary = {
  id: string;
  bankId: string;
  bankName: string;
  status: ConnectionStatus;
  connectedAt: Date;
  endedAt: Date | null;
  consentExpiresAt: Date | null;
  /** A renewal has been accepted, and its new end hasn't been told yet. */
  isEndPending: boolean;
  lastSyncedAt: Date | null;
  nextSyncAt: Date | null;
  permissions: string[];
  accounts: AccountLine[];
  faults: ConnectionFaults;
};

export const CONNECTION = {
  ...STATUS_FACTS,
  id: true,
  bankId: true,
  bankName: true,
  connectedAt: true,
  nextSyncAt: true,
  permissions: { select: { permission: true } },
  accounts: {
    select: { id: true, displayName: true, ownName: true, kind: true, numberHint: true },
    where: { goneAt: null, joinedIntoId: null },
    orderBy: [{ kind: 'asc' }, { position: 'asc' }],
  },
} satisfies Prisma.ConnectionSelect;

type ConnectionRow = Prisma.ConnectionGetPayload<{ select: typeof CONNECTION }>;

/** The status is decided anew, so that what is shown is right to the second, whatever the last job wrote. */
export function toConnectionSummary(row: ConnectionRow, faults: ConnectionFaults, now: Date): ConnectionSummary {
  return {
    id: row.id,
    bankId: row.bankId,
    bankName: row.bankName,
    status: decideStatus(toStatusFacts(row), now),
    connectedAt: row.connectedAt,
    endedAt: row.endedAt,
    consentExpiresAt: row.consentExpiresAt,
    isEndPending: isEndPending(row, now),
    lastSyncedAt: row.lastSyncedAt,
    nextSyncAt: row.nextSyncAt,
    permissions: row.permissions.map(({ permission }) => permission),
    accounts: row.accounts.map((account) => ({
      id: account.id,
      name: nameOf(account),
      kind: account.kind,
      numberHint: account.numberHint,
    })),
    faults,
  };
}
