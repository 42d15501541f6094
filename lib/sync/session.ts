import 'server-only';
import type { Presence } from '#lib/auth/presence';
import { GrantRefusedError, getAccessToken } from '#lib/connections/tokens';
import { type Context, inTransaction } from '#lib/context/context';
import type { TokenRole } from '#lib/db/generated/client';
import { pause } from '#lib/truelayer/back-off';
import type { CallGate, DataCall } from '#lib/truelayer/call';
import { TrueLayerError } from '#lib/truelayer/error';
import type { PsuIp } from '#lib/truelayer/psu-ip';
import { createCallGate } from './call-gate.ts';
import { requireCallable } from './callable.ts';
import { keepLease, type Lease, requireLease } from './lease.ts';
import type { SyncConnection } from './load-connection.ts';

/** One run over one connection: who calls, under which lease, and what has come of it so far. */
export type SyncSession = {
  readonly ctx: Context;
  readonly connection: SyncConnection;
  readonly lease: Lease;
  readonly run: { readonly id: string; readonly startedAt: Date };
  readonly isAttended: boolean;
  /** The grant that calls: the one in use, or a renewal that has to prove itself. */
  readonly role: TokenRole;
  /** Whether the bank's answers are kept, sealed, for replay. */
  readonly keepsAnswers: boolean;
  /** What is remembered of the bank, with what this run has learned: the next account needn't learn it again. */
  readonly bank: SyncConnection['bank'];
  readonly accountIds: Map<string, string>;
  readonly tally: { rowsStored: number; rowsSetAside: number; hasData: boolean };
  /** Makes a call under a good token, which is refreshed once if TrueLayer says that it has expired. */
  call<T>(work: (call: DataCall) => Promise<T>): Promise<T>;
  /** Stores in one transaction, fenced by the lease, after whatever was to be stored before. */
  store<T>(work: StoreWork<T>): Promise<T>;
  /** The same, but while the next call is under way; whoever stores next, or finishes, meets its failure. */
  storeMeanwhile(work: StoreWork<unknown>): void;
  /** Until all is stored. */
  finishStoring(): Promise<void>;
  /** Waits so long for a retry, with the lease kept. */
  pause(ms: number, signal: AbortSignal | undefined): Promise<void>;
};

export type StoreWork<T> = (tx: Context) => Promise<T>;

type SessionInput = {
  connection: SyncConnection;
  lease: Lease;
  run: { id: string; startedAt: Date };
  presence: Presence | null;
  role: TokenRole;
  keepsAnswers: boolean;
  signal?: AbortSignal | undefined;
  pause?: Pause | undefined;
};

/** How a run waits. Tests wait by moving the clock. */
export type Pause = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

export function createSession(ctx: Context, input: SessionInput): SyncSession {
  const { connection, lease, run, role, signal } = input;
  const accountIds = new Map<string, string>();
  const presentPersonIp = addressOf(input.presence, connection.userId);
  const isAttended = presentPersonIp !== undefined;
  const gate = createCallGate(ctx, {
    connectionId: connection.id,
    bankId: connection.bankId,
    runId: run.id,
    accountIdOf: (id) => accountIds.get(id) ?? null,
    permit: async () => {
      // The lease first: whoever has lost it writes nothing more, and not how the run has ended either.
      await requireLease(ctx, lease);
      await requireCallable(ctx, { connectionId: connection.id, role, isAttended });
    },
  });
  return {
    ctx,
    connection,
    lease,
    run,
    isAttended,
    role,
    keepsAnswers: input.keepsAnswers,
    bank: { ...connection.bank },
    accountIds,
    tally: { rowsStored: 0, rowsSetAside: 0, hasData: false },
    call: (work) =>
      callWithToken(
        ctx,
        { connectionId: connection.id, bankId: connection.bankId, role, gate, signal, presentPersonIp },
        work,
      ),
    ...createStore(ctx, lease),
    pause: async (ms, signal) => {
      await keepLease(ctx, lease);
      await (input.pause ?? pause)(ms, signal);
    },
  };
}

function createStore(ctx: Context, lease: Lease): Pick<SyncSession, 'store' | 'storeMeanwhile' | 'finishStoring'> {
  let storing: Promise<unknown> = Promise.resolve();
  const store = async <T>(work: StoreWork<T>): Promise<T> => {
    await storing;
    return inTransaction(ctx, async (tx) => {
      await keepLease(tx, lease);
      return work(tx);
    });
  };
  return {
    store,
    storeMeanwhile: (work) => {
      storing = store(work);
      storing.catch(() => undefined);
    },
    finishStoring: async () => void (await storing),
  };
}

/** Only the owner's own presence speaks for them: an admin who looks after somebody is not that person. */
function addressOf(presence: Presence | null, ownerId: string): PsuIp | undefined {
  return presence?.userId === ownerId ? presence.ip : undefined;
}

type CallInput = {
  connectionId: string;
  bankId: string;
  role: TokenRole;
  gate: CallGate;
  signal: AbortSignal | undefined;
  presentPersonIp: PsuIp | undefined;
};

async function callWithToken<T>(ctx: Context, input: CallInput, work: (call: DataCall) => Promise<T>): Promise<T> {
  const { connectionId, role, gate, ...options } = input;
  const token = await getAccessToken(ctx, connectionId, { role, gate });
  try {
    return await work({ ...options, gate, accessToken: token.accessToken });
  } catch (error) {
    if (!isExpired(error)) throw error;
    const fresh = await getAccessToken(ctx, connectionId, { role, gate, refused: token.generation });
    try {
      return await work({ ...options, gate, accessToken: fresh.accessToken });
    } catch (second) {
      throw isExpired(second) ? new GrantRefusedError(second.code) : second;
    }
  }
}

function isExpired(error: unknown): error is TrueLayerError {
  return error instanceof TrueLayerError && error.kind === 'token_expired';
}
