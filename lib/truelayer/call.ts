import type { NetworkFailure } from './network-failure.ts';
import type { PsuIp } from './psu-ip.ts';

/** What can be asked for asynchronously. */
export type AsyncEndpoint =
  | 'accounts'
  | 'account_balance'
  | 'account_transactions'
  | 'account_pending_transactions'
  | 'account_direct_debits'
  | 'account_standing_orders'
  | 'cards'
  | 'card_balance'
  | 'card_transactions'
  | 'card_pending_transactions';

export type Endpoint =
  | AsyncEndpoint
  | 'me'
  | 'info'
  | 'async_results'
  | 'direct_auth_link'
  | 'reauth_link'
  | 'token_exchange'
  | 'token_refresh'
  | 'client_check'
  | 'connection_extend'
  | 'connection_delete'
  | 'debug_id'
  | 'banks'
  | 'status';

export type AccountKind = 'account' | 'card';

/** One request on the wire. Holds nothing secret: a path has no query, and tokens are not in it. */
export type CallAttempt = {
  endpoint: Endpoint;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  resourceId: string | null;
  bankId: string | null;
  attended: boolean;
  asynchronous: boolean;
  correlationId: string;
  attempt: number;
  startedAt: Date;
};

export type CallOutcome = {
  httpStatus: number | null;
  /** Of TrueLayerError; null when the call succeeded. */
  code: string | null;
  durationMs: number;
  trueLayerCorrelationId: string | null;
  responseBytes: number;
  networkFailure?: NetworkFailure;
};

/** Stands around every attempt. `before` may throw, and then nothing is sent; once it returned, `after` is always called. */
export interface CallGate {
  before(attempt: CallAttempt): Promise<void>;
  after(attempt: CallAttempt, outcome: CallOutcome): Promise<void>;
}

export type CallOptions = {
  correlationId?: string | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  attempts?: number | undefined;
  gate?: CallGate | undefined;
  bankId?: string | undefined;
};

export type DataCall = CallOptions & {
  accessToken: string;
  /** The address of the person who is there and caused this very call. Its presence makes the call an attended one. */
  presentPersonIp?: PsuIp | undefined;
  asynchronous?: { webhookUri?: string | undefined } | undefined;
};
