import { expect, test } from 'vitest';
import type { ResourceState } from '#lib/sync/resource';
import { historyLimitWords, troubleWords } from './accounts.ts';

test('each way in which a kind of data can be missing has words of its own', () => {
  const states = ['unsupported', 'refused', 'needs_sign_in', 'failing', 'waiting'] satisfies ResourceState[];
  const said = states.map((state) => troubleWords({ resource: 'pending', state, code: null, lastOkAt: null }));
  expect(new Set(said).size).toBe(states.length);
  for (const words of said) expect(words).toMatch(/^Pending transactions: .+\.$/);
});

test('each reason for a short history reads on from “your bank”', () => {
  for (const code of ['rows_capped', 'sca_exceeded', 'invalid_date_range', 'access_denied']) {
    expect(historyLimitWords(code)).toMatch(/^it \w+/);
  }
});
