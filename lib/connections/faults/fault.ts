import { handlingByCode, isKnownCode, type TrueLayerErrorKind } from '#lib/truelayer/error-codes';

/** The one thing that is most likely to help. `wait`: we try again by ourselves. `none`: nothing needs to be done. */
export type NextStep = 'log_in' | 'contact_bank' | 'visit_bank' | 'wait' | 'none';

/** Why some data of a connection could not be fetched, as it is now. */
export type CurrentFault = {
  /** TrueLayer's error code, or one of ours. */
  code: string;
  kind: TrueLayerErrorKind;
  nextStep: NextStep;
  /** Whether everything at this bank is affected, or only the accounts that are named. */
  scope: 'connection' | 'account';
  accountIds: readonly string[];
  /** The kinds of data that are missing. Empty: all of them. */
  resources: readonly string[];
  since: Date;
  /** When it is fetched again in the background. Null: it isn't. */
  nextTryAt: Date | null;
  /** TrueLayer's correlation id of the latest failed call, or the id of our run when no answer had one. */
  reference: string;
};

/** One kind of data that is not as it should be, as the last sync noted it. */
export type Trouble = { resource: string; state: string; code: string | null };

/** Codes of ours that a sync notes beside TrueLayer's. */
const OWN_KINDS: Readonly<Record<string, TrueLayerErrorKind>> = {
  budget_exhausted: 'bank_limit_daily',
  grant_refused: 'reconnect',
  interrupted: 'retry_later',
  list_empty: 'bank_trouble',
  list_wanted: 'not_found',
  marked_by_team: 'reconnect',
  no_refresh_token: 'reconnect',
  stopped: 'retry_later',
  task_timed_out: 'bank_trouble',
  tokens_busy: 'retry_later',
};

/** What a code stands for. One that is neither TrueLayer's nor ours is `unknown`. */
export function faultKindOf(code: string): TrueLayerErrorKind {
  return isKnownCode(code) ? handlingByCode[code].kind : (OWN_KINDS[code] ?? 'unknown');
}

/** The state decides before the code: a refusal without a known code is a refusal all the same. */
export function kindOfTrouble({ state, code }: Trouble): TrueLayerErrorKind {
  switch (state) {
    case 'refused':
      return 'denied';
    case 'unsupported':
      return 'not_supported';
    case 'needs_sign_in':
      return 'needs_recent_sign_in';
    case 'waiting':
      return 'bank_limit_daily';
    default:
      return faultKindOf(code ?? 'unknown');
  }
}

/** A code for copy where the sync noted none. */
export function codeOfTrouble(trouble: Trouble): string {
  return trouble.code ?? CODES_OF_STATES[trouble.state] ?? 'unknown';
}

const CODES_OF_STATES: Readonly<Record<string, string>> = {
  refused: 'access_denied',
  unsupported: 'endpoint_not_supported',
  needs_sign_in: 'sca_exceeded',
  waiting: 'budget_exhausted',
};

export function nextStepOf(code: string, kind: TrueLayerErrorKind, scope: CurrentFault['scope']): NextStep {
  const own = STEPS_OF_CODES[code];
  if (own !== undefined) return own;
  switch (kind) {
    case 'reconnect':
    case 'token_expired':
    case 'needs_recent_sign_in':
    case 'not_found':
      return 'log_in';
    // A bank that refuses one account's data refuses it after the next login, too.
    case 'denied':
      return scope === 'connection' ? 'log_in' : 'none';
    case 'retry_later':
    case 'bank_limit_short':
    case 'bank_limit_daily':
    case 'bank_trouble':
    case 'config':
    case 'request':
    case 'unknown':
      return 'wait';
    case 'person_at_bank':
      return 'contact_bank';
    case 'not_supported':
      return 'none';
  }
}

const STEPS_OF_CODES: Readonly<Record<string, NextStep>> = {
  account_temporarily_locked: 'wait',
  user_input_required: 'visit_bank',
  wrong_credentials: 'log_in',
};

/** Without the list of accounts there is nothing; without that of cards, or the holder's details, there is the rest. */
export function affectsEverything({ scope, resources }: CurrentFault): boolean {
  return scope === 'connection' && (resources.length === 0 || resources.includes('accounts'));
}

/** What the user should know first: what affects everything, and then what they can do something about. */
export function rankFault(fault: CurrentFault): number {
  return RANKS[fault.nextStep] + (affectsEverything(fault) ? 0 : 10);
}

const RANKS: Record<NextStep, number> = { log_in: 0, contact_bank: 1, visit_bank: 2, wait: 3, none: 4 };
