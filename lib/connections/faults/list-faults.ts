import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { isUuid } from '#lib/connections/internal';
import { toStatusFacts } from '#lib/connections/settle-status';
import { allowsAttended, allowsUnattended, decideStatus, type StatusFacts } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import type { ConnectionStatus } from '#lib/db/generated/client';
import { addMs, DAY_MS } from '#lib/time/span';
import {
  type CurrentFault,
  codeOfTrouble,
  faultKindOf,
  kindOfTrouble,
  nextStepOf,
  rankFault,
  type Trouble,
} from './fault.ts';

export type ConnectionFaults = {
  /** What is told of the connection as a whole: its own fault, or the gravest of an account's. */
  main: CurrentFault | null;
  /** Faults of the accounts, gravest first; without those of the connection as a whole. */
  byAccount: ReadonlyMap<string, readonly CurrentFault[]>;
  /** A sync has ended, well or not: what has not arrived by now is not on its way. */
  hasSynced: boolean;
};

export const NO_FAULTS: ConnectionFaults = { main: null, byAccount: new Map(), hasSynced: false };

/** How far back the calls of a fault are looked for: it bounds the work, and `since` with it. */
const LOOK_BACK_DAYS = 30;

/**
 * What currently stands between the user and their data, for each of their connections or for one. Empty for connections that
 * have ended, have expired or are being stopped: that is not a fault. Another user's connection is as if it were not there.
 */
export async function listFaults(
  ctx: Context,
  { connectionId }: { connectionId?: string } = {},
): Promise<Map<string, ConnectionFaults>> {
  const { userId } = requirePerson(ctx.actor);
  if (connectionId !== undefined && !isUuid(connectionId)) return new Map();
  const only = connectionId ?? null;
  const [connections, troubles] = await Promise.all([
    loadConnections(ctx, userId, only),
    loadTroubles(ctx, userId, only),
  ]);
  return new Map(
    connections.map((row) => [
      row.id,
      toFaults(
        row,
        troubles.filter(({ connectionId: id }) => id === row.id),
        ctx.clock.now(),
      ),
    ]),
  );
}

/** What stands in the way of one account's data: a fault of the whole connection first, then its own. */
export function faultsOfAccount(faults: ConnectionFaults, accountId: string): CurrentFault[] {
  const { main, byAccount } = faults;
  return [...(main !== null && main.scope === 'connection' ? [main] : []), ...(byAccount.get(accountId) ?? [])];
}

type ConnectionRow = Omit<StatusFacts, 'hasFailed'> & {
  status: ConnectionStatus;
  id: string;
  nextSyncAt: Date | null;
  grantRefusedCode: string | null;
  runId: string | null;
  runOutcome: 'complete' | 'partial' | 'failed' | null;
  runCode: string | null;
  runFinishedAt: Date | null;
};

function loadConnections(ctx: Context, userId: string, connectionId: string | null): Promise<ConnectionRow[]> {
  return ctx.db.$queryRaw<ConnectionRow[]>`
    select c.id::text, c.status, c.ended_at as "endedAt", c.revoking_since as "revokingSince",
      c.consent_expires_at as "consentExpiresAt", c.end_pending_since as "endPendingSince",
      c.grant_refused_at as "grantRefusedAt", c.first_data_at as "firstDataAt", c.last_synced_at as "lastSyncedAt",
      c.failures, c.next_sync_at as "nextSyncAt", c.grant_refused_code as "grantRefusedCode", r.id::text as "runId",
      r.outcome as "runOutcome", r.code as "runCode", r.finished_at as "runFinishedAt"
    from connections c
    left join lateral (
      select id, outcome, code, finished_at from sync_runs
      where connection_id = c.id and outcome <> 'running' order by started_at desc limit 1
    ) r on true
    where c.user_id = ${userId}::uuid and c.ended_at is null
      and (${connectionId}::uuid is null or c.id = ${connectionId}::uuid)`;
}

type TroubleRow = Trouble & {
  connectionId: string;
  accountId: string | null;
  lastTriedAt: Date;
  since: Date | null;
  reference: string | null;
};

/**
 * The kinds of data that did not come, with the calls that failed. What a bank never offers, and what it opens only after a
 * login, is no fault for the lesser kinds: most banks are so. Nor is a list that was had once.
 */
function loadTroubles(ctx: Context, userId: string, connectionId: string | null): Promise<TroubleRow[]> {
  const oldest = addMs(ctx.clock.now(), -LOOK_BACK_DAYS * DAY_MS);
  return ctx.db.$queryRaw<TroubleRow[]>`
    select t.connection_id::text as "connectionId", t.account_id::text as "accountId", t.resource, t.state, t.code,
      t.last_tried_at as "lastTriedAt", k.since, k.reference
    from (
      select r.connection_id, null::uuid as account_id, r.resource, r.state, r.code, r.last_ok_at, r.last_tried_at, 0 as place
      from connection_resources r join connections c on c.id = r.connection_id
      where c.user_id = ${userId}::uuid and c.ended_at is null
        and (r.state = 'failing' or (r.resource <> 'info' and r.state = 'refused')
          or (r.resource <> 'info' and r.state in ('needs_sign_in', 'waiting') and r.last_ok_at is null)
          or (r.resource <> 'info' and r.state = 'unsupported'
            and not exists (select from accounts a where a.connection_id = c.id)))
      union all
      select a.connection_id, a.id, r.resource, r.state, r.code, r.last_ok_at, r.last_tried_at, a.position + 1
      from account_resources r join accounts a on a.id = r.account_id join connections c on c.id = a.connection_id
      where c.user_id = ${userId}::uuid and c.ended_at is null and a.gone_at is null
        and (r.state = 'failing' or (r.state <> 'ok' and r.resource in ('balance', 'transactions')))
    ) t
    left join lateral (
      select min(started_at) as since, (array_agg(truelayer_correlation_id order by started_at desc)
        filter (where truelayer_correlation_id is not null))[1] as reference
      from truelayer_calls
      where connection_id = t.connection_id and account_id is not distinct from t.account_id and code = t.code
        and started_at >= greatest(t.last_ok_at, ${oldest})
    ) k on true
    where ${connectionId}::uuid is null or t.connection_id = ${connectionId}::uuid
    order by t.place, t.account_id, t.resource`;
}

function toFaults(row: ConnectionRow, troubles: readonly TroubleRow[], now: Date): ConnectionFaults {
  const hasSynced = row.runOutcome !== null;
  const status = decideStatus(toStatusFacts(row), now);
  if (status === 'expired' || !allowsAttended(status)) return { ...NO_FAULTS, hasSynced };
  const at = { nextTryAt: allowsUnattended(status) ? row.nextSyncAt : null, runId: row.runId ?? row.id };
  const refusal = toRefusal(row, troubles, at);
  const own = group(
    troubles.filter(({ accountId }) => accountId === null),
    at,
  );
  const ofAccounts = group(
    troubles.filter(({ accountId }) => accountId !== null),
    at,
  );
  const known = [...refusal, ...own, ...ofAccounts].toSorted((one, other) => rankFault(one) - rankFault(other));
  const [main = toRunFault(row, at)] = known;
  return { main, byAccount: byAccount(ofAccounts), hasSynced };
}

type Common = { nextTryAt: Date | null; runId: string };

/** The grant itself was refused: nothing at this bank can be fetched before the next login. */
function toRefusal(row: ConnectionRow, troubles: readonly TroubleRow[], { runId }: Common): CurrentFault[] {
  if (row.grantRefusedAt === null) return [];
  const code = row.grantRefusedCode ?? 'invalid_grant';
  const call = troubles.find((trouble) => trouble.code === code && trouble.reference !== null);
  return [
    {
      code,
      kind: 'reconnect',
      nextStep: 'log_in',
      scope: 'connection',
      accountIds: [],
      resources: [],
      since: row.grantRefusedAt,
      nextTryAt: null,
      reference: call?.reference ?? runId,
    },
  ];
}

/** One fault for each code: of the connection's own data, and of all accounts that it affects. */
function group(troubles: readonly TroubleRow[], { nextTryAt, runId }: Common): CurrentFault[] {
  const byCode = Map.groupBy(troubles, (trouble) => `${kindOfTrouble(trouble)} ${codeOfTrouble(trouble)}`);
  return [...byCode.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const [code, kind] = [codeOfTrouble(first), kindOfTrouble(first)];
    const scope = first.accountId === null ? 'connection' : 'account';
    const nextStep = nextStepOf(code, kind, scope);
    const sinces = same.map(({ since, lastTriedAt }) => (since ?? lastTriedAt).getTime());
    return {
      code,
      kind,
      nextStep,
      scope,
      accountIds: [...new Set(same.flatMap(({ accountId }) => accountId ?? []))],
      resources: [...new Set(same.map(({ resource }) => resource))],
      since: new Date(Math.min(...sinces)),
      nextTryAt: nextStep === 'none' ? null : nextTryAt,
      reference: same.find(({ reference }) => reference !== null)?.reference ?? runId,
    };
  });
}

/** A sync that failed for a reason that no kind of data shows. */
function toRunFault(row: ConnectionRow, { nextTryAt, runId }: Common): CurrentFault | null {
  const { runOutcome, runCode, runFinishedAt } = row;
  if (runOutcome !== 'failed' || runCode === null || runFinishedAt === null || NO_ONES_FAULT.has(runCode)) return null;
  const kind = faultKindOf(runCode);
  const nextStep = nextStepOf(runCode, kind, 'connection');
  return {
    code: runCode,
    kind,
    nextStep,
    scope: 'connection',
    accountIds: [],
    resources: [],
    since: runFinishedAt,
    nextTryAt,
    reference: runId,
  };
}

/** A consent that ended, or a question that is asked on the page of its own. */
const NO_ONES_FAULT: ReadonlySet<string> = new Set(['consent_ended', 'sync_not_allowed', 'renewal_questioned']);

function byAccount(faults: readonly CurrentFault[]): Map<string, CurrentFault[]> {
  const map = new Map<string, CurrentFault[]>();
  for (const fault of faults.toSorted((one, other) => rankFault(one) - rankFault(other))) {
    for (const accountId of fault.accountIds) map.set(accountId, [...(map.get(accountId) ?? []), fault]);
  }
  return map;
}
