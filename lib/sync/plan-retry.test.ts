import { expect, test } from 'vitest';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#lib/time/span';
import type { TrueLayerErrorKind } from '#lib/truelayer/error-codes';
import { faultOf } from './faults.ts';
import { planRetry, type RetryFacts } from './plan-retry.ts';

const signedInAt = new Date('2026-11-28T12:00:00Z');
const later = (ms: number) => addMs(signedInAt, ms);

function retry(kind: TrueLayerErrorKind, facts: Partial<RetryFacts>, retryAfterMs: number | null = null) {
  const now = facts.now ?? later(2 * DAY_MS);
  const { nextTryAt, ...rest } = planRetry({
    authenticatedAt: signedInAt,
    isAttended: false,
    resource: 'transactions',
    fault: faultOf(kind, 'x', { retryAfterMs }),
    before: null,
    fraction: 0.5,
    ...facts,
    now,
  });
  return { ...rest, waitMs: nextTryAt === null ? null : nextTryAt.getTime() - now.getTime() };
}

const failed = (tries: number, lastTriedAt: Date) => ({ state: 'failing', tries, lastTriedAt }) as const;

test.each<TrueLayerErrorKind>(['retry_later', 'bank_trouble', 'bank_limit_short', 'unknown'])(
  'in the minutes after a sign-in %s is tried again within seconds, a few times',
  (kind) => {
    const now = later(10 * SECOND_MS);
    expect(retry(kind, { now, isAttended: true })).toEqual({ tries: 1, isInWindow: true, waitMs: SECOND_MS });
    expect(retry(kind, { now, isAttended: true, before: failed(3, now) })).toMatchObject({ waitMs: 8 * SECOND_MS });
    const lastChance = { isInWindow: false, waitMs: MINUTE_MS };
    expect(retry(kind, { now, isAttended: true, before: failed(4, now) })).toMatchObject(lastChance);
    expect(retry(kind, { now, before: failed(5, now) }).waitMs).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(retry(kind, { now })).toMatchObject({ isInWindow: true });
    expect(retry(kind, { now, before: failed(2, now) })).toMatchObject(lastChance);
    expect(retry(kind, { now, before: failed(3, now) }).waitMs).toBeGreaterThan(MINUTE_MS);
  },
);

test('without the user, what the bank doesn’t close costs no second call in the window', () => {
  expect(retry('bank_trouble', { now: later(0), resource: 'balance' })).toMatchObject({ isInWindow: false });
});

test('a retry that would come after the window, and one of a fault that doesn’t pass, is not a matter of seconds', () => {
  expect(retry('bank_limit_short', { now: later(0) }, 90 * SECOND_MS)).toMatchObject({
    waitMs: 90 * SECOND_MS,
    isInWindow: true,
  });
  const tooLong = retry('bank_limit_short', { now: later(0) }, 6 * MINUTE_MS);
  expect(tooLong.isInWindow).toBe(false);
  expect(tooLong.waitMs).toBeGreaterThanOrEqual(6 * MINUTE_MS);
  expect(retry('person_at_bank', { now: later(0), isAttended: true }).waitMs).toBeGreaterThanOrEqual(DAY_MS);
});

test('afterwards the waits grow with each failure, up to half a day', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 9].map(
    (tries) => retry('bank_trouble', { before: failed(tries, later(DAY_MS)) }).waitMs ?? 0,
  );
  expect(waits).toEqual([30, 60, 120, 240, 480, 720, 720, 720].map((minutes) => minutes * MINUTE_MS));
});

test('tries in the window, before a sign-in or before a success don’t count', () => {
  const fresh = 30 * MINUTE_MS;
  expect(retry('bank_trouble', { before: failed(7, later(MINUTE_MS)) })).toMatchObject({ tries: 1, waitMs: fresh });
  const now = later(HOUR_MS);
  expect(retry('bank_trouble', { now, before: failed(7, later(-HOUR_MS)) })).toMatchObject({ tries: 1 });
  const ok = { state: 'ok', tries: 0, lastTriedAt: later(DAY_MS) } as const;
  expect(retry('bank_trouble', { before: ok })).toMatchObject({ tries: 1, waitMs: fresh });
});

test.each<TrueLayerErrorKind>(['not_supported', 'needs_recent_sign_in', 'denied', 'reconnect'])(
  '%s is not asked for again before the next sign-in',
  (kind) => {
    expect(retry(kind, {}).waitMs).toBeNull();
  },
);
