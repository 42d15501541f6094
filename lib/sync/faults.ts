import { GrantRefusedError, TokensBusyError } from '#lib/connections/tokens';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { handlingByCode, isKnownCode, type TrueLayerErrorKind } from '#lib/truelayer/error-codes';
import { AnswerDoubtedError, ListEmptyError } from './believe-list.ts';
import { BudgetExhaustedError } from './budget-exhausted.ts';
import type { ResourceState } from './resource.ts';
import { SyncNotAllowedError } from './sync-not-allowed.ts';

/** What a failed call means for the rest of a run. */
export type Handling = {
  /**
   * `skip`: this kind of data of this account does without, the run goes on. `contain`: the same, but the run stops when
   * others fail alike (fault-scope). `skip_account`: so does everything else of this account. `ask_me`: find out whether the
   * consent or only this resource is refused. `relist`: the account's id may have changed. `stop`: whatever is asked next
   * would fail as well. `reauthenticate`: the grant is dead.
   */
  action: 'skip' | 'contain' | 'skip_account' | 'ask_me' | 'relist' | 'stop' | 'reauthenticate';
  state: ResourceState;
  /** The first wait before a background call is made again; it grows with each failure. Null: not before the next sign-in. */
  retryMs: number | null;
  /** It may have passed in seconds. */
  isTransient: boolean;
  /** Counts towards the bank's breaker. */
  isBankFault: boolean;
  /** Somebody who runs this has to look. */
  isReported: boolean;
};

/** Every kind of error there is. Which code is of which kind: lib/truelayer/error-codes. */
export const HANDLING: Readonly<Record<TrueLayerErrorKind, Handling>> = {
  reconnect: on('reauthenticate', 'failing'),
  token_expired: on('reauthenticate', 'failing'),
  config: on('stop', 'failing', { retryMs: HOUR_MS, isReported: true }),
  retry_later: on('contain', 'failing', { retryMs: 5 * MINUTE_MS, isTransient: true }),
  bank_limit_short: on('contain', 'failing', { retryMs: 15 * MINUTE_MS, isTransient: true }),
  bank_limit_daily: on('skip_account', 'waiting', { retryMs: DAY_MS }),
  bank_trouble: on('contain', 'failing', { retryMs: 30 * MINUTE_MS, isTransient: true, isBankFault: true }),
  needs_recent_sign_in: on('skip', 'needs_sign_in'),
  denied: on('ask_me', 'refused'),
  not_supported: on('skip', 'unsupported'),
  not_found: on('relist', 'failing', { retryMs: DAY_MS }),
  request: on('skip', 'failing', { retryMs: DAY_MS, isReported: true }),
  person_at_bank: on('contain', 'failing', { retryMs: DAY_MS }),
  unknown: on('skip', 'failing', { retryMs: HOUR_MS, isTransient: true, isReported: true }),
};

export type Fault = Handling & {
  /** Faults of one kind are alike. */
  kind: TrueLayerErrorKind;
  code: string;
  /** When the other side said to come back. */
  retryAfterMs: number | null;
};

/** Null for what isn't a call's failure: a bug or the database, which end the run as they are. */
export function toFault(error: unknown, now: Date): Fault | null {
  if (error instanceof TrueLayerError) return faultOf(error.kind, error.code, { retryAfterMs: error.retryAfterMs });
  if (error instanceof BudgetExhaustedError) {
    const retryAfterMs = Math.max(0, error.nextAllowedAt.getTime() - now.getTime());
    return faultOf('bank_limit_daily', error.code, { retryMs: 0, retryAfterMs });
  }
  if (error instanceof GrantRefusedError) return faultOf('reconnect', String(error.fields.code ?? error.code));
  if (error instanceof ListEmptyError || error instanceof AnswerDoubtedError) {
    return faultOf('request', error.code, { isReported: false });
  }
  if (error instanceof SyncNotAllowedError) {
    return { ...on('stop', 'waiting'), kind: 'denied', code: error.reason, retryAfterMs: null };
  }
  if (error instanceof TokensBusyError) return faultOf('retry_later', error.code, { action: 'stop' });
  return null;
}

/** A fault by its kind. */
export function faultOf(kind: TrueLayerErrorKind, code: string, rest: Partial<Fault> = {}): Fault {
  return { ...HANDLING[kind], kind, code, retryAfterMs: null, ...rest };
}

/** What a stored code stands for. A code that isn't TrueLayer's is one of ours, for a request that was not answered as it should be. */
export function kindOfCode(code: string | null): TrueLayerErrorKind {
  return code !== null && isKnownCode(code) ? handlingByCode[code].kind : 'request';
}

function on(action: Handling['action'], state: ResourceState, rest: Partial<Handling> = {}): Handling {
  return { action, state, retryMs: null, isTransient: false, isBankFault: false, isReported: false, ...rest };
}
