import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { killAtOnce, startForTest } from '#lib/testing/child-of-ours';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';

let own: OwnDatabase;
beforeAll(async () => {
  own = await ownDatabase();
});
afterAll(() => own.drop());

const startWorker = (directUrl: string) =>
  startForTest('worker', ['scripts/worker.ts'], { LOG_LEVEL: 'info', DATABASE_DIRECT_URL: directUrl });

test.each([
  ['nothing listens there', () => 'postgresql://linkwell:hunter2@127.0.0.1:2/linkwell', /ECONNREFUSED/],
  ['the database does not exist', () => own.url.replace(/\/own_\w+/, '/own_absent'), /"own_absent" does not exist/],
])('a worker refuses to start with a direct URL where %s, in one sentence', async (_, url, reason) => {
  const worker = startWorker(url());
  expect(await worker.hasExited).toBe(1);
  expect(worker.tail()).toMatch(/^Linkwell can't start: DATABASE_DIRECT_URL can't be used: 127\.0\.0\.1:\d+ /m);
  expect(worker.tail()).toMatch(reason);
  expect(worker.tail()).not.toMatch(/hunter2|\bat .*\.ts:\d+|worker\.started/);
});

test('a worker starts with a direct URL that works', async () => {
  const worker = startWorker(`${own.url}?application_name=direct`);
  await vi.waitFor(() => expect(worker.tail()).toContain('worker.started'), { timeout: 120_000, interval: 100 });
  await killAtOnce(worker);
});
