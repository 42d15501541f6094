import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { aSystem, type LinkedPerson, linkPerson } from '#lib/testing/link-person';
import { withOwnDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { DAY_MS, MINUTE_MS } from '#lib/time/span';
import { acceptWebhook } from './accept-webhook.ts';
import { firstAttendedPass } from './first-attended-pass.ts';
import { settleTask } from './settle-task.ts';
import { sweepTasks } from './sweep-tasks.ts';
import { syncUnattended } from './sync-unattended.ts';

withOwnDatabase();
const standIn = aStandIn(SHORT_HISTORY);

type Delivery = { token: string; body: string };

/** Stands where our webhook route does: takes note, and leaves what to do about it to the test. */
const inbox: Delivery[] = [];
let heard: () => void = () => undefined;
let server: Server | undefined;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const url = new URL(request.url ?? '/', 'http://localhost');
    inbox.push({ token: url.searchParams.get('task') ?? '', body });
    response.end();
    heard();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  process.env.APP_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server?.close());
afterEach(() => standIn.control('POST', '/reset'));

const switches = (change: Record<string, unknown>) => standIn.control('PUT', '/switches', change);
const wait = (ms: number) => standIn.control('PUT', '/clock', { advance_ms: ms });

/** Yesterday's customer, of whom TrueLayer has just been asked something. */
async function aWaitingPerson(bankId = 'ob-lloyds') {
  inbox.length = 0;
  const person = await linkPerson(standIn.url, { bankId });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(person.system, { connectionId });
  await wait(DAY_MS + 10 * MINUTE_MS);
  const system = await aSystem();
  expect(await syncUnattended(system, { connectionId })).toMatchObject({ outcome: 'waiting' });
  return { ...person, system, task: await openTaskOf(system, person) };
}

async function openTaskOf(system: Context, { connectionId }: LinkedPerson) {
  return system.db.syncTask.findFirstOrThrow({ where: { connectionId, finishedAt: null } });
}

async function delivery(count = 1): Promise<Delivery> {
  while (inbox.length < count)
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  return inbox[count - 1] ?? { token: '', body: '' };
}

const aWebhook = async (): Promise<Context> =>
  actingAs(await createContext({ actor: { kind: 'nobody' } }), { kind: 'webhook', name: 'truelayer' });

async function asked(system: Context, taskId: string): Promise<number> {
  const [row] = await system.db.$queryRaw<[{ count: number }]>`
    select count(*)::int as count from pgboss.job where name = 'task.settle' and singleton_key = ${`${taskId} hinted`}`;
  return row.count;
}

test('the webhook is heeded, and what is fetched is the address that was given when it was asked', async () => {
  await switches({ webhook: 'twice' });
  const { system, task, connectionId } = await aWaitingPerson();
  const { token, body } = await delivery();
  const forged = JSON.stringify({ ...JSON.parse(body), results_uri: 'http://127.0.0.1:9/data/v1/results/stolen' });
  expect(await acceptWebhook(await aWebhook(), { taskToken: token, body: forged })).toBe('accepted');
  expect(await acceptWebhook(await aWebhook(), { taskToken: (await delivery(2)).token, body })).toBe('accepted');
  expect(await asked(system, task.id)).toBe(1);
  expect(await settleTask(system, { taskId: task.id })).toMatchObject({ outcome: 'waiting' });
  expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({ status: 'stored' });
  expect(await syncFully(system, connectionId)).toBeNull();
  const done = await standIn.control('GET', '/requests');
  expect(JSON.stringify(done)).not.toContain('stolen');
});

test('everything that was asked in turn ends in the same rows as asking plainly', async () => {
  await switches({ async_delay_ms: 0 });
  const { system, connectionId, ctx, userId, task } = await aWaitingPerson();
  let report = await settleTask(system, { taskId: task.id });
  while (report?.outcome === 'waiting') {
    const open = await system.db.syncTask.findMany({ where: { connectionId, finishedAt: null } });
    expect(open).toHaveLength(1);
    report = await settleTask(system, { taskId: open[0]?.id ?? '' });
  }
  expect(report).toMatchObject({ outcome: 'complete' });
  const kinds = await system.db.syncTask.groupBy({ by: ['resource', 'status'], where: { connectionId } });
  expect(kinds.map(({ resource, status }) => `${resource} ${status}`).sort()).toEqual([
    'balance stored',
    'pending stored',
    'transactions stored',
  ]);
  const counted = await system.db.truelayerCall.groupBy({
    by: ['accountId'],
    where: { connectionId, isCounted: true, isAsync: true },
    _count: true,
  });
  expect(counted.map(({ _count }) => _count)).toEqual(counted.map(() => 3));
  const before = await system.db.transaction.count({ where: { account: { connectionId } } });
  const { refreshNow } = await import('./refresh-now.ts');
  await refreshNow({ ...system, actor: ctx.actor }, { connectionId, presence: presenceOf(userId) });
  expect(await system.db.transaction.count({ where: { account: { connectionId } } })).toBe(before);
});

test.each([
  ['a wrong secret', (token: string) => `${token.slice(0, -4)}AAAA`],
  ['no secret', (token: string) => token.split('.')[0] ?? ''],
  ['a task that never was', (token: string) => `00000000-0000-7000-8000-000000000000.${token.split('.')[1]}`],
  ['garbage', () => '%00\u0000;drop'],
])('%s changes nothing', async (_, spoil) => {
  const { system, task } = await aWaitingPerson();
  const { token, body } = await delivery();
  expect(await acceptWebhook(await aWebhook(), { taskToken: spoil(token), body })).toBe('ignored');
  expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({
    hintedAt: null,
    status: 'queued',
  });
  expect(await asked(system, task.id)).toBe(0);
});

test('the secret of one task opens no other', async () => {
  const first = await aWaitingPerson();
  const { token, body } = await delivery();
  const second = await aWaitingPerson('ob-tsb');
  const secret = token.split('.')[1] ?? '';
  expect(await acceptWebhook(await aWebhook(), { taskToken: `${second.task.id}.${secret}`, body })).toBe('ignored');
  expect(await asked(first.system, second.task.id)).toBe(0);
});

test('the secret is nowhere but in the address: not in the database, and not in a job', async () => {
  const { system } = await aWaitingPerson();
  const secret = (await delivery()).token.split('.')[1] ?? '';
  const tasks = await system.db.$queryRaw<{ row: string }[]>`select t::text as row from sync_tasks t`;
  const jobs = await system.db.$queryRaw<{ row: string }[]>`select j::text as row from pgboss.job j`;
  const calls = await system.db.$queryRaw<{ row: string }[]>`select c::text as row from truelayer_calls c`;
  expect(secret.length).toBeGreaterThan(40);
  for (const { row } of [...tasks, ...jobs, ...calls]) expect(row).not.toContain(secret);
});

test('a webhook without a body that can be read is still the right secret; without the right actor it is nothing', async () => {
  const { system } = await aWaitingPerson();
  const { token } = await delivery();
  await expect(acceptWebhook(system, { taskToken: token, body: '' })).rejects.toMatchObject({ code: 'webhook_only' });
  expect(await acceptWebhook(await aWebhook(), { taskToken: token, body: 'not json' })).toBe('accepted');
});

test('when the webhook never comes, looking finds the result; when the result never comes, it ends', async () => {
  await switches({ webhook: 'never', async_outcome: 'stuck' });
  const { system, task, connectionId } = await aWaitingPerson();
  expect(await settleTask(system, { taskId: task.id })).toBeNull();
  expect(await settleTask(system, { taskId: task.id })).toBeNull();
  expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({ polls: 2, status: 'queued' });
  await wait(11 * MINUTE_MS);
  const later = await aSystem();
  expect(await sweepTasks(later)).toBeGreaterThan(0);
  // The task cost its own resource; the rest was asked for plainly.
  expect(await settleTask(later, { taskId: task.id })).toMatchObject({ outcome: 'partial', code: 'task_timed_out' });
  expect(await later.db.syncTask.count({ where: { connectionId } })).toBe(1);
  const failing = await later.db.accountResource.findMany({ where: { account: { connectionId }, state: 'failing' } });
  expect(failing).toMatchObject([{ accountId: task.accountId, resource: task.resource, code: 'task_timed_out' }]);
  expect(await later.db.connection.findUnique({ where: { id: connectionId } })).toMatchObject({
    status: 'active',
    failures: 0,
  });
  expect(await acceptWebhook(await aWebhook(), { taskToken: (await tokenless()).token, body: '' })).toBe('ignored');
});

test.each([404, 410])(
  'a task that TrueLayer no longer knows (%s) is started over, plainly, and no list is asked for',
  async (status) => {
    await switches({ webhook: 'never', async_delay_ms: 0 });
    const { task, ...person } = await aWaitingPerson();
    const { system, connectionId } = person;
    const lists = () =>
      system.db.truelayerCall.count({ where: { connectionId, endpoint: { in: ['accounts', 'cards'] } } });
    const before = await lists();
    await standIn.control('POST', '/faults', {
      match: { path: '/data/v1/results/*' },
      action: { status, error: 'not_found' },
    });
    expect(await settleTask(system, { taskId: task.id })).toMatchObject({ outcome: 'complete' });
    expect(await lists()).toBe(before);
    expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({
      status: 'failed',
      code: 'task_lost',
    });
    const where = {
      accountId: task.accountId ?? '',
      endpoint: { endsWith: '_transactions' },
      startedAt: { gte: task.askedAt },
    };
    const asked = await system.db.truelayerCall.findMany({ where, orderBy: { startedAt: 'asc' } });
    expect(asked.filter(({ endpoint }) => !endpoint.includes('pending')).map(({ isAsync }) => isAsync)).toEqual([
      true,
      false,
    ]);
  },
);

const tokenless = async () => ({ token: `${crypto.randomUUID()}.x` });

test.each([
  ['a gateway’s words', { status: 502, body: 'Bad Gateway' }],
  ['TrueLayer’s own fault', { status: 500, error: 'internal_server_error' }],
  ['no answer', { drop: true }],
])('%s to a look at the results costs that look, and neither the task nor another call', async (_, action) => {
  await switches({ webhook: 'never', async_delay_ms: 0 });
  const { system, task } = await aWaitingPerson();
  await standIn.control('POST', '/faults', { match: { path: '/data/v1/results/*' }, action, times: 1 });
  expect(await settleTask(system, { taskId: task.id })).toBeNull();
  expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({ polls: 1, status: 'queued' });
  expect(await settleTask(system, { taskId: task.id })).toMatchObject({ outcome: 'waiting' });
  expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({ status: 'stored' });
});

test('what was ready while no worker was there is stored, and held against nobody', async () => {
  await switches({ webhook: 'never', async_delay_ms: 0 });
  const { task, connectionId } = await aWaitingPerson();
  await wait(30 * MINUTE_MS);
  const later = await aSystem();
  expect(await settleTask(later, { taskId: task.id })).toMatchObject({ outcome: 'waiting' });
  expect(await syncFully(later, connectionId)).toBeNull();
  expect(await later.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({ status: 'stored' });
  expect(await later.db.connection.findUnique({ where: { id: connectionId } })).toMatchObject({ failures: 0 });
});

test('a task that TrueLayer says has failed is the bank’s failure, with its code', async () => {
  await switches({ async_outcome: 'failed', async_delay_ms: 0 });
  const { task, ...person } = await aWaitingPerson();
  const { system } = person;
  expect(await settleAll(system, person)).toMatchObject({ outcome: 'failed', code: 'provider_error' });
  expect(await system.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({
    status: 'failed',
    code: 'provider_error',
  });
});

test('a bank that doesn’t take asynchronous calls is asked plainly, and not asked otherwise again', async () => {
  const bankId = 'ob-danske';
  await switches({ banks: { [bankId]: { allows_async: false } } });
  const person = await linkPerson(standIn.url, { bankId });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncUnattended(person.system, { connectionId });
  await wait(DAY_MS + 10 * MINUTE_MS);
  const system = await aSystem();
  expect((await syncUnattended(system, { connectionId }))?.outcome).not.toBe('waiting');
  expect(await system.db.bank.findUnique({ where: { id: bankId } })).toMatchObject({ supportsAsync: false });
  expect(await system.db.truelayerCall.count({ where: { connectionId, isAsync: true } })).toBe(1);
});

test('somebody who shares no transactions is asked for asynchronously from the second day on too', async () => {
  const permissions = ['accounts', 'balance', 'offline_access'];
  const person = await linkPerson(standIn.url, { bankId: 'ob-lloyds', permissions });
  const { connectionId, userId } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  expect(await syncUnattended(person.system, { connectionId })).toMatchObject({ outcome: 'complete' });
  await wait(DAY_MS + 10 * MINUTE_MS);
  expect(await syncUnattended(await aSystem(), { connectionId })).toMatchObject({ outcome: 'waiting' });
});

test('a process that died while asking costs its call and nothing else', async () => {
  const { system, task, connectionId } = await aWaitingPerson();
  await system.db.syncTask.update({
    where: { id: task.id },
    data: { status: 'asking', resultsUri: null, truelayerTaskId: null },
  });
  expect(await syncUnattended(system, { connectionId })).toBeNull();
  await wait(3 * MINUTE_MS);
  const later = await aSystem();
  await syncFully(later, connectionId);
  expect(await later.db.syncTask.findUnique({ where: { id: task.id } })).toMatchObject({ status: 'expired' });
  expect(await later.db.connection.findUnique({ where: { id: connectionId } })).toMatchObject({
    failures: 0,
    syncLeaseId: null,
  });
});

test('two who settle the same task at once store it once', async () => {
  await switches({ async_delay_ms: 0 });
  const { system, task } = await aWaitingPerson();
  const settled = await Promise.allSettled([
    settleTask(system, { taskId: task.id }),
    settleTask(system, { taskId: task.id }),
  ]);
  const reports = settled
    .map((one) => (one.status === 'fulfilled' ? (one.value?.outcome ?? 'nothing') : one.reason.code))
    .sort();
  expect(reports).toEqual(['sync_busy', 'waiting']);
});

/** Goes on, by the clock, with whatever was asked for, until the run is over. */
async function settleAll(system: Context, person: LinkedPerson) {
  for (;;) {
    const report = await settleTask(system, { taskId: (await openTaskOf(system, person)).id });
    if (report?.outcome !== 'waiting') return report;
  }
}

async function aFetchedPerson() {
  const person = await linkPerson(standIn.url, { bankId: 'ob-lloyds' });
  const { connectionId, userId, system } = person;
  await firstAttendedPass(person.ctx, { connectionId, presence: presenceOf(userId) });
  await syncFully(system, connectionId);
  await switches({ async_delay_ms: 0 });
  await wait(DAY_MS + 10 * MINUTE_MS);
  const where = { connectionId, kind: 'account' } as const;
  const { id } = await system.db.bankAccount.findFirstOrThrow({ where, orderBy: { position: 'asc' } });
  return { ...person, accountId: id, later: await aSystem() };
}

const bookedTasks = (system: Context, accountId: string) =>
  system.db.syncTask.findMany({
    where: { accountId, resource: 'transactions' },
    select: { code: true, finishedAt: true },
    orderBy: { askedAt: 'asc' },
  });

test('an account whose id has died is listed again and asked once more, in the same run and within its four calls', async () => {
  const { accountId, later, ...person } = await aFetchedPerson();
  const { connectionId } = person;
  const begunAt = later.clock.now();
  await later.db.bankAccount.update({ where: { id: accountId }, data: { truelayerId: 'id-of-before' } });
  expect(await syncUnattended(later, { connectionId })).toMatchObject({ outcome: 'waiting' });
  // The lost call and the list have cost what pending rows would have: those come with the next day's.
  expect(await settleAll(later, person)).toMatchObject({ outcome: 'partial', code: 'budget_exhausted' });
  expect(await bookedTasks(later, accountId)).toMatchObject([{ code: 'account_not_found' }, { code: null }]);
  const ok = await later.db.accountResource.findMany({
    where: { accountId, lastOkAt: { gte: begunAt } },
    select: { resource: true },
    orderBy: { resource: 'asc' },
  });
  expect(ok.map(({ resource }) => resource)).toEqual(['balance', 'transactions']);
});

test('an account that stays unknown is asked for once more and not again, and that is told', async () => {
  const { accountId, later, ...person } = await aFetchedPerson();
  const { truelayerId } = await later.db.bankAccount.findUniqueOrThrow({ where: { id: accountId } });
  await standIn.control('POST', '/faults', {
    match: { path: `/data/v1/accounts/${truelayerId}/transactions` },
    action: { status: 404, error: 'account_not_found' },
  });
  expect(await syncUnattended(later, person)).toMatchObject({ outcome: 'waiting' });
  expect(await settleAll(later, person)).toMatchObject({ outcome: 'partial', code: 'account_not_found' });
  const notFound = { code: 'account_not_found', finishedAt: expect.any(Date) };
  expect(await bookedTasks(later, accountId)).toEqual([notFound, notFound]);
});
