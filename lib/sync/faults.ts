import { GrantRefusedError, TokensBusyError } from '#lib/connections/tokens';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import type { TrueLayerErrorKind } from '#lib/truelayer/error-codes';
import { ListEmptyError } from './believe-list.ts';
import { BudgetExhaustedError } from './budget-exhausted.ts';
import type { ResourceState } from './resource.ts';
import { SyncNotAllowedError } from './sync-not-allowed.ts';

/** What a failed call means for the rest of a run. */
export type Handling = {
  /**
   * `skip`: this kind of data does without, the run goes on. `skip_account`: so does everything else of this account.
   * `ask_me`: find out whether the consent or only this resource is refused. `relist`: the account's id may have changed.
   * `stop`: whatever is asked next would fail as well. `reauthenticate`: the grant is dead.
   */
  action: 'skip' | 'skip_account' | 'ask_me' | 'relist' | 'stop' | 'reauthenticate';
  state: ResourceState;
  /** The first wait before an unattended sync tries again; it grows with each failure. Null: with the next day's sync. */
  retryMs: number | null;
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
  retry_later: on('stop', 'failing', { retryMs: 5 * MINUTE_MS }),
  bank_limit_short: on('stop', 'failing', { retryMs: 15 * MINUTE_MS }),
  bank_limit_daily: on('skip_account', 'waiting'),
  bank_trouble: on('stop', 'failing', { retryMs: 30 * MINUTE_MS, isBankFault: true }),
  needs_recent_sign_in: on('skip', 'needs_sign_in'),
  denied: on('ask_me', 'refused'),
  not_supported: on('skip', 'unsupported'),
  not_found: on('relist', 'failing'),
  request: on('skip', 'failing', { isReported: true }),
  person_at_bank: on('stop', 'failing', { retryMs: DAY_MS }),
  unknown: on('stop', 'failing', { retryMs: HOUR_MS, isReported: true }),
};

export type Fault = Handling & {
  code: string;
  /** When the other side said to come back. */
  retryAfterMs: number | null;
};

/** Null for what isn't a call's failure: a bug or the database, which end the run as they are. */
export function toFault(error: unknown): Fault | null {
  if (error instanceof TrueLayerError) {
    return { ...HANDLING[error.kind], code: error.code, retryAfterMs: error.retryAfterMs };
  }
  if (error instanceof BudgetExhaustedError) {
    return { ...HANDLING.bank_limit_daily, code: error.code, retryAfterMs: null };
  }
  if (error instanceof GrantRefusedError) {
    return { ...HANDLING.reconnect, code: String(error.fields.code ?? error.code), retryAfterMs: null };
  }
  if (error instanceof ListEmptyError) return { ...on('skip', 'failing'), code: error.code, retryAfterMs: null };
  if (error instanceof SyncNotAllowedError) return { ...on('stop', 'waiting'), code: error.reason, retryAfterMs: null };
  if (error instanceof TokensBusyError) return { ...HANDLING.retry_later, code: error.code, retryAfterMs: null };
  return null;
}

function on(action: Handling['action'], state: ResourceState, rest: Partial<Handling> = {}): Handling {
  return { action, state, retryMs: null, isBankFault: false, isReported: false, ...rest };
}
