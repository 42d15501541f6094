import type { CallBudget } from '#lib/admin/connections/calls-used';
import { STATUS_FACTS, toStatusFacts } from '#lib/connections/settle-status';
import { type ConnectionStatus, decideStatus } from '#lib/connections/status';
import type { Prisma } from '#lib/db/generated/client';
import { type Cause, diagnose } from './diagnose.ts';

/** One connection as the team sees it: whose, how it is and why. No token, no account number, no transaction. */
export type ConnectionFile = {
  id: string;
  personId: string;
  email: string;
  bank: { id: string; name: string; availabilityPercent: number | null; breakerOpenUntil: Date | null };
  status: ConnectionStatus;
  statusReason: string | null;
  statusChangedAt: Date;
  cause: Cause;
  /** What the cause goes back to: the last error's code, or the one with which the grant was refused. */
  causeCode: string | null;
  clocks: {
    access: { startedAt: Date | null; endsAt: Date | null };
    authenticatedAt: Date | null;
    consent: { startedAt: Date | null; endsAt: Date | null };
  };
  credentialsId: string | null;
  consentStatus: string | null;
  consentCheckedAt: Date | null;
  connectedAt: Date;
  endedAt: Date | null;
  lastSyncedAt: Date | null;
  nextSyncAt: Date | null;
  lastError: { code: string; at: Date | null } | null;
  failures: number;
  replacedById: string | null;
  permissions: string[];
  calls: CallBudget;
  accounts: AccountFile[];
  resources: ResourceFile[];
};

export type AccountFile = {
  id: string;
  name: string;
  kind: 'account' | 'card';
  isGone: boolean;
  /** The user stopped syncing it. */
  isStopped: boolean;
  /** The user joined it into another of their accounts, which is shown for both. */
  isJoined: boolean;
  resources: ResourceFile[];
};
export type ResourceFile = { resource: string; state: string; code: string | null; lastOkAt: Date | null };

const RESOURCE = { resource: true, state: true, code: true, lastOkAt: true } as const;

export const FILE = {
  ...STATUS_FACTS,
  id: true,
  userId: true,
  bankId: true,
  bankName: true,
  statusReason: true,
  statusChangedAt: true,
  credentialsId: true,
  consentStatus: true,
  consentCreatedAt: true,
  consentCheckedAt: true,
  authenticatedAt: true,
  connectedAt: true,
  grantRefusedCode: true,
  lastErrorCode: true,
  lastErrorAt: true,
  nextSyncAt: true,
  replacedById: true,
  user: { select: { email: true } },
  bank: { select: { limitsPerEndpoint: true, availabilityPercent: true, breakerOpenUntil: true } },
  tokens: { where: { role: 'current' }, select: { accessExpiresAt: true, refreshedAt: true } },
  permissions: { select: { permission: true }, orderBy: { permission: 'asc' } },
  resources: { select: RESOURCE, orderBy: { resource: 'asc' } },
  accounts: {
    select: {
      id: true,
      displayName: true,
      kind: true,
      goneAt: true,
      syncStoppedAt: true,
      joinedIntoId: true,
      resources: { select: RESOURCE, orderBy: { resource: 'asc' } },
    },
    orderBy: [{ kind: 'asc' }, { position: 'asc' }, { id: 'asc' }],
  },
} satisfies Prisma.ConnectionSelect;

type FileRow = Prisma.ConnectionGetPayload<{ select: typeof FILE }>;

export function toConnectionFile(row: FileRow, calls: CallBudget, now: Date): ConnectionFile {
  const status = decideStatus(toStatusFacts(row), now);
  const cause = diagnose(
    { ...row, status, breakerOpenUntil: row.bank.breakerOpenUntil, areCallsSpent: calls.used >= calls.of },
    now,
  );
  const [token] = row.tokens;
  return {
    id: row.id,
    personId: row.userId,
    email: row.user.email,
    bank: {
      id: row.bankId,
      name: row.bankName,
      availabilityPercent: row.bank.availabilityPercent?.toNumber() ?? null,
      breakerOpenUntil: row.bank.breakerOpenUntil,
    },
    status,
    statusReason: row.statusReason,
    statusChangedAt: row.statusChangedAt,
    cause,
    causeCode: status === 'needs_reauthentication' ? row.grantRefusedCode : row.lastErrorCode,
    clocks: {
      access: { startedAt: token?.refreshedAt ?? null, endsAt: token?.accessExpiresAt ?? null },
      authenticatedAt: row.authenticatedAt,
      consent: { startedAt: row.consentCreatedAt ?? row.connectedAt, endsAt: row.consentExpiresAt },
    },
    credentialsId: row.credentialsId,
    consentStatus: row.consentStatus,
    consentCheckedAt: row.consentCheckedAt,
    connectedAt: row.connectedAt,
    endedAt: row.endedAt,
    lastSyncedAt: row.lastSyncedAt,
    nextSyncAt: row.nextSyncAt,
    lastError: row.lastErrorCode === null ? null : { code: row.lastErrorCode, at: row.lastErrorAt },
    failures: row.failures,
    replacedById: row.replacedById,
    permissions: row.permissions.map(({ permission }) => permission),
    calls,
    accounts: row.accounts.map((account) => ({
      id: account.id,
      name: account.displayName,
      kind: account.kind,
      isGone: account.goneAt !== null,
      isStopped: account.syncStoppedAt !== null,
      isJoined: account.joinedIntoId !== null,
      resources: account.resources.map(toResourceFile),
    })),
    resources: row.resources.map(toResourceFile),
  };
}

function toResourceFile({ resource, state, code, lastOkAt }: ResourceFile): ResourceFile {
  return { resource, state, code, lastOkAt };
}
