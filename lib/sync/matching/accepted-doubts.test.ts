import { expect, test } from 'vitest';
import type { ResourceRecord } from '#lib/sync/resource';
import { DAY_MS } from '#lib/time/span';
import { acceptedDoubts } from './accepted-doubts.ts';

const now = new Date('2026-03-20T09:00:00Z');
const record = (days: number | null, code: string | null = 'answer_doubted'): ResourceRecord => ({
  state: code === null ? 'ok' : 'failing',
  code,
  lastOkAt: days === null ? null : new Date(now.getTime() - days * DAY_MS),
  lastTriedAt: new Date(now.getTime() - DAY_MS),
  nextTryAt: null,
  tries: 1,
});

test.each([
  [1, []],
  [2.9, []],
  [3, ['most_rows_missing']],
  [13.9, ['most_rows_missing']],
  [14, ['empty', 'most_rows_missing']],
])('after %d days of answers that are not believed, these doubts no longer stand: %j', (days, doubts) => {
  expect(acceptedDoubts(record(days), 'answer_doubted', now)).toEqual(doubts);
});

test('the first such answer is doubted however old the last believed one is', () => {
  expect(acceptedDoubts(record(30, null), 'answer_doubted', now)).toEqual([]);
  expect(acceptedDoubts(record(30, 'provider_error'), 'answer_doubted', now)).toEqual([]);
  expect(acceptedDoubts(record(null), 'answer_doubted', now)).toEqual([]);
  expect(acceptedDoubts(undefined, 'answer_doubted', now)).toEqual([]);
});
