import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { settleTask } from '#lib/sync/settle-task';
import { syncUnattended } from '#lib/sync/sync-unattended';
import { aSystem, linkPerson } from '#lib/testing/link-person';
import { presenceOf } from '#lib/testing/presence-of';
import { type Served, serveHandler } from '#lib/testing/serve-handler';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { POST } from './route.ts';

const standIn = aStandIn(SHORT_HISTORY);
let served: Served | undefined;
/** What every webhook waits for before our route has it. */
let held: Promise<void> = Promise.resolve();

beforeAll(async () => {
  served = await serveHandler(async (request) => {
    await held;
    return POST(request);
  });
  process.env.APP_URL = served.url;
});
afterAll(() => served?.close());
afterEach(() => {
  held = Promise.resolve();
  return standIn.control('POST', '/reset');
});

const answers = () => served?.answers ?? [];
const hook = (query: string) => `${served?.url}/api/webhooks/truelayer${query}`;

/** Yesterday's customer, of whom a job has just asked something asynchronously: the webhook is on its way to our route. */
async function aTask(switches: Record<string, unknown>) {
  const person = await linkPerson(standIn.url, { bankId: 'ob-lloyds' });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(person.system, { connectionId });
  await standIn.control('PUT', '/switches', switches);
  await standIn.control('PUT', '/clock', { advance_ms: DAY_MS + 10 * MINUTE_MS });
  answers().length = 0;
  const system = await aSystem();
  expect(await syncUnattended(system, { connectionId })).toMatchObject({ outcome: 'waiting' });
  const task = await system.db.syncTask.findFirstOrThrow({ where: { connectionId, finishedAt: null } });
  const settles = async () => {
    const [row] = await system.db.$queryRaw<[{ count: number }]>`
      select count(*)::int as count from pgboss.job where name = 'task.settle' and singleton_key = ${`${task.id} hinted`}`;
    return row.count;
  };
  const look = () => system.db.syncTask.findUniqueOrThrow({ where: { id: task.id } });
  return { system, connectionId, taskId: task.id, settles, look };
}

test.each([
  ['once', {}, 1],
  ['twice', {}, 2],
  ['late', { webhook_late_ms: 300 }, 1],
] as const)(
  'TrueLayer’s webhook that comes %s asks for one look, and stores nothing itself',
  async (webhook, more, times) => {
    const { settles, look, system, taskId } = await aTask({ webhook, ...more });
    await expect.poll(answers).toHaveLength(times);
    expect(answers().every((status) => status === 200)).toBe(true);
    expect(await settles()).toBe(1);
    expect(await look()).toMatchObject({ status: 'queued', finishedAt: null });
    expect((await look()).hintedAt).not.toBeNull();
    expect(await settleTask(system, { taskId })).toMatchObject({ outcome: 'waiting' });
    expect(await look()).toMatchObject({ status: 'stored' });
  },
);

test('a webhook that comes when all is over, or never, makes no difference', async () => {
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  const { settles, look, system, taskId } = await aTask({ webhook: 'once', async_delay_ms: 0 });
  expect(await settleTask(system, { taskId })).toMatchObject({ outcome: 'waiting' });
  expect(await look()).toMatchObject({ status: 'stored', hintedAt: null });
  expect(answers()).toEqual([]);
  gate.resolve();
  await expect.poll(() => answers().length).toBeGreaterThan(0);
  expect(answers()[0]).toBe(200);
  expect(await settles()).toBe(0);
  expect(await look()).toMatchObject({ hintedAt: null });
});

test('whoever forges one learns nothing and moves nothing', async () => {
  const { settles, look, taskId } = await aTask({ webhook: 'never' });
  const body = JSON.stringify({ task_id: taskId, status: 'Succeeded', results_uri: 'http://127.0.0.1:9/stolen' });
  const guesses = [
    '',
    '?task=',
    `?task=${taskId}`,
    `?task=${taskId}.${'A'.repeat(43)}`,
    '?task=%00',
    `?task=${'x'.repeat(5000)}`,
  ];
  for (const guess of guesses) {
    const response = await fetch(hook(guess), { method: 'POST', body });
    expect({ guess, status: response.status, text: await response.text() }).toEqual({ guess, status: 200, text: '' });
  }
  expect(await settles()).toBe(0);
  expect(await look()).toMatchObject({ hintedAt: null, status: 'queued' });
});

test('a body larger than TrueLayer would send is not read to its end', async () => {
  const response = await fetch(hook('?task=x'), { method: 'POST', body: 'x'.repeat(20_000) });
  expect(response.status).toBe(413);
});
