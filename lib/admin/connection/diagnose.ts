import { type ConnectionStatus, isEndPending } from '#lib/connections/status';
import { MINUTE_MS } from '#lib/time/span';
import { handlingByCode, isKnownCode } from '#lib/truelayer/error-codes';

/** Why a connection does, or doesn't, bring data. What is said about each, and what to do: the words of the page. */
export type Cause =
  | 'well'
  | 'well_after_trouble'
  | 'well_until_tomorrow'
  | 'renewal_pending'
  | 'ends_soon'
  | 'first_fetch'
  | 'bank_left_alone'
  | 'bank_trouble'
  | 'bank_limit'
  | 'person_at_bank'
  | 'our_client'
  | 'our_request'
  | 'truelayer_trouble'
  | 'nothing_asked'
  | 'login_needed'
  | 'marked_by_team'
  | 'consent_ended'
  | 'stopping'
  | 'stopped'
  | 'replaced'
  | 'never_linked';

export type Symptoms = {
  status: ConnectionStatus;
  grantRefusedCode: string | null;
  consentExpiresAt: Date | null;
  endPendingSince: Date | null;
  lastErrorCode: string | null;
  nextSyncAt: Date | null;
  replacedById: string | null;
  breakerOpenUntil: Date | null;
  areCallsSpent: boolean;
};

export const MARKED_BY_TEAM = 'marked_by_team';

/** A plan that is so long overdue means that nobody works it off. */
const OVERDUE_MS = 30 * MINUTE_MS;

/** Pure, and in the order in which one thing hides another. */
export function diagnose(symptoms: Symptoms, now: Date): Cause {
  switch (symptoms.status) {
    case 'failed':
      return 'never_linked';
    case 'revoked':
      return symptoms.replacedById === null ? 'stopped' : 'replaced';
    case 'revoking':
      return 'stopping';
    case 'expired':
      return 'consent_ended';
    case 'needs_reauthentication':
      return symptoms.grantRefusedCode === MARKED_BY_TEAM ? 'marked_by_team' : 'login_needed';
    case 'pending':
      return troubleOf(symptoms, now) ?? 'first_fetch';
    case 'degraded':
      return troubleOf(symptoms, now) ?? 'nothing_asked';
    case 'needs_reconfirmation':
      return troubleOf(symptoms, now) ?? 'ends_soon';
    case 'active':
      return causeOfActive(symptoms, now);
  }
}

function causeOfActive(symptoms: Symptoms, now: Date): Cause {
  if (isOpen(symptoms, now)) return 'bank_left_alone';
  if (isOverdue(symptoms, now)) return 'nothing_asked';
  if (symptoms.areCallsSpent) return 'well_until_tomorrow';
  if (isEndPending(symptoms, now)) return 'renewal_pending';
  return symptoms.lastErrorCode === null ? 'well' : 'well_after_trouble';
}

function troubleOf(symptoms: Symptoms, now: Date): Cause | null {
  if (isOpen(symptoms, now)) return 'bank_left_alone';
  if (isOverdue(symptoms, now)) return 'nothing_asked';
  return symptoms.lastErrorCode === null ? null : causeOfCode(symptoms.lastErrorCode);
}

function causeOfCode(code: string): Cause {
  if (code === 'budget_exhausted') return 'bank_limit';
  if (!isKnownCode(code)) return 'truelayer_trouble';
  switch (handlingByCode[code].kind) {
    case 'bank_trouble':
      return 'bank_trouble';
    case 'bank_limit_short':
    case 'bank_limit_daily':
      return 'bank_limit';
    case 'person_at_bank':
      return 'person_at_bank';
    case 'config':
      return 'our_client';
    case 'request':
    case 'unknown':
      return 'our_request';
    case 'reconnect':
    case 'token_expired':
    case 'denied':
    case 'needs_recent_sign_in':
    case 'not_found':
    case 'not_supported':
    case 'retry_later':
      return 'truelayer_trouble';
  }
}

function isOpen({ breakerOpenUntil }: Symptoms, now: Date): boolean {
  return breakerOpenUntil !== null && breakerOpenUntil > now;
}

function isOverdue({ nextSyncAt }: Symptoms, now: Date): boolean {
  return nextSyncAt !== null && now.getTime() - nextSyncAt.getTime() > OVERDUE_MS;
}
