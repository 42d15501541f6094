import { expect, test } from 'vitest';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS, msBetween } from '#lib/time/span';
import { type NextSyncFacts, planNextSync } from './plan-next-sync.ts';

const now = new Date('2026-11-28T12:00:00Z');
const inHours = (hours: number) => addMs(now, hours * HOUR_MS);

function hoursUntil(facts: Partial<NextSyncFacts>): number {
  const usual = { now, steps: [], heldUntil: null, isFirst: false, calls: [], isPerEndpoint: false, fraction: 0 };
  return msBetween(now, planNextSync({ ...usual, ...facts })) / HOUR_MS;
}

const due = (accountId: string, hours: number) => ({ accountId, at: inHours(hours), isRetry: false });
const retry = (accountId: string, hours: number) => ({ accountId, at: inHours(hours), isRetry: true });
const call = (accountId: string, hoursAgo: number) => ({
  accountId,
  endpoint: 'account_balance',
  startedAt: inHours(-hoursAgo),
});

test.each<[string, Partial<NextSyncFacts>, number]>([
  ['nothing is known to come: a day', {}, 24],
  ['accounts that are due at about the same time go together', { steps: [due('a', 24), due('b', 26)] }, 26],
  ['one that is due much later doesn’t delay the others', { steps: [due('a', 24), due('b', 30)] }, 24],
  ['a failing account is tried at its own time', { steps: [due('a', 24), retry('b', 0.5)] }, 0.5],
  ['a failing account that waits longer doesn’t delay the others', { steps: [due('a', 24), retry('b', 40)] }, 24],
  ['a retry waits for a free call', { steps: [retry('a', 1)], calls: [20, 3, 2, 1].map((ago) => call('a', ago)) }, 4],
  ['a day’s sync waits for its three calls', { steps: [due('a', 2)], calls: [10, 3].map((ago) => call('a', ago)) }, 14],
  [
    'another account’s calls count for nothing',
    { steps: [due('a', 2)], calls: [10, 3].map((ago) => call('b', ago)) },
    2,
  ],
  [
    'while the connection is held nothing is planned',
    { steps: [due('a', 1), retry('b', 1)], heldUntil: inHours(9) },
    9,
  ],
  ['what was left undone is not asked for at once', { steps: [retry('a', 0)] }, 5 / 60],
  ['the first day is spread over six hours', { steps: [due('a', 24)], isFirst: true, fraction: 0.5 }, 27],
  ['later ones over twenty minutes', { steps: [due('a', 24)], fraction: 0.5 }, 24 + (10 * MINUTE_MS) / HOUR_MS],
])('%s', (_, facts, hours) => {
  expect(hoursUntil(facts)).toBeCloseTo(hours, 5);
});

test('where each endpoint has its own calls, four times a day', () => {
  expect(hoursUntil({ isPerEndpoint: true })).toBe(6);
  expect(DAY_MS / HOUR_MS / hoursUntil({ isPerEndpoint: true })).toBe(4);
});
