import { expect, test } from 'vitest';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { allowsAttended, allowsUnattended, type ConnectionStatus, decideStatus, type StatusFacts } from './status.ts';

const now = new Date('2026-06-01T12:00:00Z');
const healthy: StatusFacts = {
  endedAt: null,
  hasFailed: false,
  revokingSince: null,
  consentExpiresAt: addMs(now, 60 * DAY_MS),
  endPendingSince: null,
  grantRefusedAt: null,
  firstDataAt: addMs(now, -30 * DAY_MS),
  lastSyncedAt: addMs(now, -5 * HOUR_MS),
  failures: 0,
};

test.each<[string, Partial<StatusFacts>, ConnectionStatus]>([
  ['all is well', {}, 'active'],
  ['one passing fault parks nothing', { failures: 1 }, 'active'],
  ['three faults in a row are shown', { failures: 3 }, 'degraded'],
  ['old data is never shown as healthy', { lastSyncedAt: addMs(now, -49 * HOUR_MS) }, 'degraded'],
  ['nothing has come yet', { firstDataAt: null, lastSyncedAt: null }, 'pending'],
  ['the consent ends in fourteen days', { consentExpiresAt: addMs(now, 14 * DAY_MS) }, 'needs_reconfirmation'],
  ['the consent ends a second later than that', { consentExpiresAt: addMs(now, 14 * DAY_MS + 1000) }, 'active'],
  ['the consent has a second left', { consentExpiresAt: addMs(now, 1000) }, 'needs_reconfirmation'],
  ['the consent ends this very instant', { consentExpiresAt: now }, 'expired'],
  ['it was renewed, and the new end is not known yet', { consentExpiresAt: now, endPendingSince: now }, 'active'],
  [
    'no new end and no proof came for two days after the old end of a renewed consent',
    { consentExpiresAt: addMs(now, -2 * DAY_MS - 1), endPendingSince: addMs(now, -9 * DAY_MS) },
    'expired',
  ],
  [
    'it was renewed early, and its old end has just passed without a new one',
    { consentExpiresAt: addMs(now, -1), endPendingSince: addMs(now, -9 * DAY_MS) },
    'active',
  ],
  [
    'it was renewed days ago, and TrueLayer still tells the old end, which is near',
    { consentExpiresAt: addMs(now, 5 * DAY_MS), endPendingSince: addMs(now, -9 * DAY_MS) },
    'needs_reconfirmation',
  ],
  ['a bank that names no end never expires', { consentExpiresAt: null }, 'active'],
  ['the grant was refused', { grantRefusedAt: now }, 'needs_reauthentication'],
  ['an expired consent is an end, not an error', { grantRefusedAt: now, consentExpiresAt: addMs(now, -1) }, 'expired'],
  ['the person stopped it', { revokingSince: now, consentExpiresAt: addMs(now, -1) }, 'revoking'],
  ['it is over', { endedAt: now, revokingSince: now }, 'revoked'],
  ['it never linked', { endedAt: now, hasFailed: true }, 'failed'],
])('%s', (_, change, status) => {
  expect(decideStatus({ ...healthy, ...change }, now)).toBe(status);
});

test('jobs stop at the end of consent, and a person who is there may still ask', () => {
  const ended = decideStatus({ ...healthy, consentExpiresAt: now }, now);
  expect([allowsUnattended(ended), allowsAttended(ended)]).toEqual([false, true]);
});

test('nobody calls a bank for somebody who is stopping', () => {
  for (const status of ['revoking', 'revoked', 'failed'] as const) expect(allowsAttended(status)).toBe(false);
});
