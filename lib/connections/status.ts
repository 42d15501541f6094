import { addMs, DAY_MS, HOUR_MS, msBetween } from '#lib/time/span';

export type ConnectionStatus =
  | 'pending'
  | 'active'
  | 'degraded'
  | 'needs_reconfirmation'
  | 'needs_reauthentication'
  | 'expired'
  | 'revoking'
  | 'revoked'
  | 'failed';

/** Everything that a status depends on. Times of the three clocks are never mixed: each has its own field. */
export type StatusFacts = {
  endedAt: Date | null;
  /** It never linked: an attempt that made a connection and could not finish it. */
  hasFailed: boolean;
  revokingSince: Date | null;
  consentExpiresAt: Date | null;
  /** Set when a renewal was accepted and the end above is still the old one; cleared by the new end. */
  endPendingSince: Date | null;
  /** Set when TrueLayer refused the grant itself; cleared by new tokens. */
  grantRefusedAt: Date | null;
  firstDataAt: Date | null;
  lastSyncedAt: Date | null;
  /** Unattended syncs in a row that brought nothing, for whatever passing reason. */
  failures: number;
};

/** From this long before the end of the consent the person is asked to reconfirm. */
export const RECONFIRM_DAYS = 14;
/**
 * For so long an accepted renewal is believed without a new end: after the renewal, and after the old end has passed. Within the
 * latter a sync, or a look at the consent, proves that the renewed grant still works (`confirm-consent.ts`).
 */
export const END_PENDING_DAYS = 2;
/** A connection that has brought nothing for this long isn't shown as healthy. */
export const STALE_HOURS = 48;
/** One passing fault means nothing; so many in a row do. */
export const FAILURES_UNTIL_DEGRADED = 3;

/** What a connection's status is at `now`. Pure, and the only place that knows. */
export function decideStatus(facts: StatusFacts, now: Date): ConnectionStatus {
  if (facts.endedAt !== null) return facts.hasFailed ? 'failed' : 'revoked';
  if (facts.revokingSince !== null) return 'revoking';
  const endsAt = isEndPending(facts, now) ? null : facts.consentExpiresAt;
  if (hasEnded(endsAt, now)) return 'expired';
  if (facts.grantRefusedAt !== null) return 'needs_reauthentication';
  if (facts.firstDataAt === null) return 'pending';
  if (endsWithin(endsAt, now, RECONFIRM_DAYS * DAY_MS)) return 'needs_reconfirmation';
  if (facts.failures >= FAILURES_UNTIL_DEGRADED || isStale(facts, now)) return 'degraded';
  return 'active';
}

/** Whether our jobs may call the bank. From the second in which the consent ends, they may not. */
export function allowsUnattended(status: ConnectionStatus): boolean {
  return status === 'pending' || status === 'active' || status === 'degraded' || status === 'needs_reconfirmation';
}

/** Whether a call may be made while the person is there and asks for it: also after the end, if the bank lets them. */
export function allowsAttended(status: ConnectionStatus): boolean {
  return allowsUnattended(status) || status === 'expired' || status === 'needs_reauthentication';
}

/** Over for good: nothing leads out of it. */
export function isOver(status: ConnectionStatus): boolean {
  return status === 'revoked' || status === 'failed';
}

/** Renewed, and TrueLayer hasn't said until when: the old end is no longer the end. */
export function isEndPending(facts: Pick<StatusFacts, 'endPendingSince' | 'consentExpiresAt'>, now: Date): boolean {
  const { endPendingSince, consentExpiresAt } = facts;
  if (endPendingSince === null) return false;
  if (msBetween(endPendingSince, now) <= END_PENDING_DAYS * DAY_MS) return true;
  return hasEnded(consentExpiresAt, now) && !hasEnded(consentExpiresAt, addMs(now, -END_PENDING_DAYS * DAY_MS - 1));
}

function hasEnded(consentExpiresAt: Date | null, now: Date): boolean {
  return consentExpiresAt !== null && consentExpiresAt <= now;
}

function endsWithin(consentExpiresAt: Date | null, now: Date, ms: number): boolean {
  return consentExpiresAt !== null && msBetween(now, consentExpiresAt) <= ms;
}

function isStale(facts: StatusFacts, now: Date): boolean {
  const lastGood = facts.lastSyncedAt ?? facts.firstDataAt;
  return lastGood !== null && msBetween(lastGood, now) > STALE_HOURS * HOUR_MS;
}
