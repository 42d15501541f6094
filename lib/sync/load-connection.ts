import 'server-only';
import { loadConnection as loadOwned } from '#lib/connections/internal';
import { findRenewal } from '#lib/connections/renewal';
import { STATUS_FACTS } from '#lib/connections/settle-status';
import type { Context } from '#lib/context/context';
import type { ConnectionStatus, Prisma, TokenRole } from '#lib/db/generated/client';
import { statusAt } from './callable.ts';
import type { AccountResource, ConnectionResource, ResourceRecord, ResourceState } from './resource.ts';

const RESOURCE = {
  resource: true,
  state: true,
  code: true,
  lastOkAt: true,
  lastTriedAt: true,
  nextTryAt: true,
  tries: true,
} as const;

const CONNECTION = {
  ...STATUS_FACTS,
  id: true,
  userId: true,
  bankId: true,
  credentialsId: true,
  authenticatedAt: true,
  heldUntil: true,
  lastErrorAt: true,
  lastErrorCode: true,
  permissions: { select: { permission: true } },
  resources: { select: RESOURCE },
  bank: {
    select: {
      country: true,
      accountHistoryDays: true,
      cardHistoryDays: true,
      supportsAsync: true,
      limitsPerEndpoint: true,
      breakerOpenUntil: true,
      rowsPerAnswer: true,
      largestAnswerRows: true,
      accountHistoryCheckedAt: true,
      cardHistoryCheckedAt: true,
    },
  },
  accounts: {
    where: { goneAt: null },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      kind: true,
      truelayerId: true,
      currency: true,
      coveredFrom: true,
      coveredTo: true,
      historyLimitCode: true,
      syncStoppedAt: true,
      joinedIntoId: true,
      joined: { select: { id: true }, take: 1 },
      historyAskedAt: true,
      resources: { select: RESOURCE },
    },
  },
} satisfies Prisma.ConnectionSelect;

type Row = Prisma.ConnectionGetPayload<{ select: typeof CONNECTION }>;

export type SyncAccount = {
  id: string;
  kind: 'account' | 'card';
  trueLayerId: string;
  currency: string;
  coveredFrom: Date | null;
  coveredTo: Date | null;
  historyLimitCode: string | null;
  /** The user stopped syncing it: nothing is fetched for it. */
  isStopped: boolean;
  /** The account that is shown for a group of joined ones, when it is part of one. */
  groupId: string | null;
  historyAskedAt: Date | null;
  resources: ReadonlyMap<AccountResource, ResourceRecord>;
};

/** All that a sync decides by, as it was when it was read. The status is that of the moment, not the one last written. */
export type SyncConnection = Omit<Row, 'permissions' | 'resources' | 'accounts' | 'status'> & {
  status: ConnectionStatus;
  permissions: ReadonlySet<string>;
  resources: ReadonlyMap<ConnectionResource, ResourceRecord>;
  accounts: readonly SyncAccount[];
};

/**
 * A person's own connection, as the grant in use sees it or as one that comes in does; any, for an admin or the system.
 * @throws {NotFoundError}
 */
export async function loadSyncConnection(
  ctx: Context,
  connectionId: string,
  role: TokenRole = 'current',
): Promise<SyncConnection> {
  const row = await loadOwned(ctx, connectionId, CONNECTION);
  const renewal = role === 'incoming' ? await findRenewal(ctx, connectionId) : null;
  const permissions =
    renewal === null || renewal.permissions.length === 0
      ? row.permissions.map(({ permission }) => permission)
      : renewal.permissions;
  return {
    ...row,
    status: statusAt(row, renewal, ctx.clock.now()),
    authenticatedAt: renewal?.authenticatedAt ?? row.authenticatedAt,
    permissions: new Set(permissions),
    resources: toRecords<ConnectionResource>(row.resources),
    accounts: row.accounts.map(({ truelayerId, resources, syncStoppedAt, joinedIntoId, joined, ...account }) => ({
      ...account,
      trueLayerId: truelayerId,
      isStopped: syncStoppedAt !== null,
      groupId: joinedIntoId ?? (joined.length > 0 ? account.id : null),
      resources: toRecords<AccountResource>(resources),
    })),
  };
}

type ResourceRow = Row['resources'][number];

function toRecords<Name extends string>(rows: readonly ResourceRow[]): Map<Name, ResourceRecord> {
  // The database's check constraints hold both columns to these words.
  return new Map(
    rows.map(({ resource, state, ...rest }) => [resource as Name, { ...rest, state: state as ResourceState }]),
  );
}
