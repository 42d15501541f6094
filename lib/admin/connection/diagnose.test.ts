import { expect, it } from 'vitest';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { type Cause, diagnose, type Symptoms } from './diagnose.ts';

const now = new Date('2026-03-03T12:00:00Z');
const well: Symptoms = {
  status: 'active',
  grantRefusedCode: null,
  consentExpiresAt: null,
  endPendingSince: null,
  lastErrorCode: null,
  nextSyncAt: addMs(now, HOUR_MS),
  replacedById: null,
  breakerOpenUntil: null,
  areCallsSpent: false,
};

const CASES: [Cause, Partial<Symptoms>][] = [
  ['well', {}],
  ['well_after_trouble', { lastErrorCode: 'provider_error' }],
  ['well_until_tomorrow', { areCallsSpent: true }],
  ['renewal_pending', { endPendingSince: addMs(now, -HOUR_MS) }],
  ['well', { endPendingSince: addMs(now, -3 * DAY_MS) }],
  ['bank_left_alone', { breakerOpenUntil: addMs(now, HOUR_MS) }],
  ['well', { breakerOpenUntil: addMs(now, -HOUR_MS) }],
  ['nothing_asked', { nextSyncAt: addMs(now, -HOUR_MS) }],
  ['first_fetch', { status: 'pending' }],
  ['bank_trouble', { status: 'pending', lastErrorCode: 'provider_timeout' }],
  ['bank_trouble', { status: 'degraded', lastErrorCode: 'provider_error' }],
  ['bank_left_alone', { status: 'degraded', lastErrorCode: 'provider_error', breakerOpenUntil: addMs(now, HOUR_MS) }],
  ['bank_limit', { status: 'degraded', lastErrorCode: 'budget_exhausted' }],
  ['bank_limit', { status: 'degraded', lastErrorCode: 'provider_too_many_requests' }],
  ['person_at_bank', { status: 'degraded', lastErrorCode: 'account_temporarily_locked' }],
  ['our_client', { status: 'degraded', lastErrorCode: 'invalid_client' }],
  ['our_request', { status: 'degraded', lastErrorCode: 'unexpected_shape' }],
  ['truelayer_trouble', { status: 'degraded', lastErrorCode: 'internal_server_error' }],
  ['truelayer_trouble', { status: 'degraded', lastErrorCode: 'a_code_of_tomorrow' }],
  ['nothing_asked', { status: 'degraded' }],
  ['ends_soon', { status: 'needs_reconfirmation' }],
  ['bank_trouble', { status: 'needs_reconfirmation', lastErrorCode: 'provider_error' }],
  ['login_needed', { status: 'needs_reauthentication', grantRefusedCode: 'invalid_grant' }],
  ['marked_by_team', { status: 'needs_reauthentication', grantRefusedCode: 'marked_by_team' }],
  ['consent_ended', { status: 'expired', lastErrorCode: 'provider_error' }],
  ['stopping', { status: 'revoking' }],
  ['stopped', { status: 'revoked' }],
  ['replaced', { status: 'revoked', replacedById: 'another' }],
  ['never_linked', { status: 'failed' }],
];

it.each(CASES)('says %s of %j', (cause, symptoms) => {
  expect(diagnose({ ...well, ...symptoms }, now)).toBe(cause);
});
