import { expect, test } from 'vitest';
import type { DataCall } from './call.ts';
import { clientOf, sendJson, startServer } from './test-server.ts';

const call: DataCall = { accessToken: 'token-1' };
const none = { results: [], status: 'Succeeded' };
const range = { from: '2026-01-01', to: '2026-01-31' };
const row = {
  transaction_id: 't1',
  timestamp: '2026-01-02T00:00:00Z',
  description: 'X',
  amount: 18.32,
  currency: 'GBP',
  transaction_type: 'DEBIT',
  transaction_category: 'PURCHASE',
};

async function answering(body: unknown, status = 200) {
  const server = await startServer((_, response) => sendJson(response, status, body));
  return { server, client: clientOf(server.origin, { now: () => new Date('2026-03-01T00:30:00Z') }) };
}

test('every read goes to its documented address', async () => {
  const { server, client } = await answering(none);
  await client.getInfo(call);
  await client.listAccounts(call);
  await client.listCards(call);
  for (const kind of ['account', 'card'] as const) {
    await client.getBalance(call, { kind, id: 'x1' });
    await client.getTransactions(call, { kind, id: 'x1', ...range });
    await client.getPendingTransactions(call, { kind, id: 'x1' });
  }
  await client.getDirectDebits(call, { id: 'x1' });
  await client.getStandingOrders(call, { id: 'x1' });
  expect(server.seen.map(({ method, path, query }) => `${method} ${path}${query.size ? `?${query}` : ''}`)).toEqual([
    'GET /data/v1/info',
    'GET /data/v1/accounts',
    'GET /data/v1/cards',
    'GET /data/v1/accounts/x1/balance',
    'GET /data/v1/accounts/x1/transactions?from=2026-01-01&to=2026-01-31',
    'GET /data/v1/accounts/x1/transactions/pending',
    'GET /data/v1/cards/x1/balance',
    'GET /data/v1/cards/x1/transactions?from=2026-01-01&to=2026-01-31',
    'GET /data/v1/cards/x1/transactions/pending',
    'GET /data/v1/accounts/x1/direct_debits',
    'GET /data/v1/accounts/x1/standing_orders',
  ]);
});

test('a final answer carries its rows, its bytes and what it was the answer to', async () => {
  const body = { results: [row, { ...row, amount: null }], status: 'Succeeded' };
  const { client } = await answering(body);
  const result = await client.getTransactions(call, { kind: 'card', id: 'c1', ...range });
  if (result.state !== 'final') throw new Error('not final');
  expect(result.rowCount).toBe(2);
  expect([...result.rows]).toMatchObject([
    { items: [{ amount: '18.32', effect: '-18.32' }], setAside: [{ index: 1, path: 'amount' }] },
  ]);
  expect(Buffer.from(result.body).toString()).toBe(JSON.stringify(body));
  expect(result.meta).toMatchObject({ endpoint: 'card_transactions', httpStatus: 200, attempts: 1 });
});

test('a `to` in the future is taken as today, by UTC', async () => {
  const { server, client } = await answering(none);
  await client.getTransactions(call, { kind: 'account', id: 'a', from: '2026-02-01', to: '2026-03-02' });
  expect(server.seen[0]?.query.get('to')).toBe('2026-03-01');
});

test.each([
  { from: '2026-03-02', to: '2026-03-05' },
  { from: '2026-02-02', to: '2026-02-01' },
  { from: '2026-02-30', to: '2026-03-01' },
  { from: '2026-02-01T00:00:00Z', to: '2026-03-01' },
  { from: '', to: '' },
])('a range that cannot be right is not sent: %j', async (wrong) => {
  const { server, client } = await answering(none);
  await expect(client.getTransactions(call, { kind: 'account', id: 'a', ...wrong })).rejects.toMatchObject({
    code: 'invalid_call',
    endpoint: 'account_transactions',
  });
  expect(server.seen).toEqual([]);
});

test.each([
  ['a/../b?c#d', '/data/v1/accounts/a%2F..%2Fb%3Fc%23d/balance'],
  ['%2e%2e', '/data/v1/accounts/%252e%252e/balance'],
])('an account id stays within its place in the address: %s', async (id, path) => {
  const { server, client } = await answering(none);
  await client.getBalance(call, { kind: 'account', id });
  expect(server.seen[0]?.path).toBe(path);
});

test.each(['', '.', '..'])('the account id %j is not sent', async (id) => {
  const { server, client } = await answering(none);
  await expect(client.getBalance(call, { kind: 'account', id })).rejects.toMatchObject({ code: 'invalid_call' });
  expect(server.seen).toEqual([]);
});

test('a /me that does not say whose connection it is, is a failure', async () => {
  const { client } = await answering({ results: [{ provider: { provider_id: 'mock' } }] });
  await expect(client.getMe(call)).rejects.toMatchObject({ code: 'unexpected_shape', endpoint: 'me' });
});

test('/me gives the connection’s identity', async () => {
  const { client } = await answering({
    results: [{ credentials_id: 'c=', provider: { provider_id: 'mock' }, scopes: ['info'] }],
    status: 'Succeeded',
  });
  const { items } = await client.getMe(call);
  expect(items[0]).toMatchObject({ credentialsId: 'c=', permissions: ['info'] });
});

test.each([
  [200, { ...none, status: 'Running' }],
  [200, { ...none, status: 'Queued' }],
  [202, { status: 'Queued', task_id: 't', results_uri: 'https://x.example/t' }],
  [202, { results: [row] }],
])('%i %j, unasked for, is never handed out as rows', async (status, body) => {
  const { client } = await answering(body, status);
  await expect(client.listAccounts(call)).rejects.toMatchObject({ code: 'not_final', httpStatus: status });
  await expect(client.getTransactions(call, { kind: 'account', id: 'a', ...range })).rejects.toMatchObject({
    code: 'not_final',
  });
});

test('a 202 that says it succeeded has', async () => {
  const { client } = await answering(none, 202);
  await expect(client.listAccounts(call)).resolves.toMatchObject({ state: 'final', items: [] });
});

test('an asynchronous call asks for it, and gives back the task', async () => {
  const task = {
    results_uri: 'https://api.truelayer.com/data/v1/results/18a77ae5',
    status: 'Queued',
    task_id: '18a77ae5',
  };
  const { server, client } = await answering(task, 202);
  const asynchronous = { webhookUri: 'https://app.example/api/webhooks/truelayer?key=k&a=b' };
  await expect(
    client.getTransactions({ ...call, asynchronous }, { kind: 'account', id: 'a', ...range }),
  ).resolves.toMatchObject({
    state: 'queued',
    task: { taskId: '18a77ae5', resultsUri: task.results_uri },
    meta: { httpStatus: 202 },
  });
  expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
    ...range,
    async: 'true',
    webhook_uri: asynchronous.webhookUri,
  });
  await client.listCards({ ...call, asynchronous: {} });
  expect(String(server.seen[1]?.query)).toBe('async=true');
});

test('an asynchronous call may be answered at once', async () => {
  const { client } = await answering(none);
  await expect(client.listAccounts({ ...call, asynchronous: {} })).resolves.toMatchObject({ state: 'final' });
});

test('a task without an address is a failure', async () => {
  const { client } = await answering({ status: 'Queued', task_id: 't' }, 202);
  await expect(client.listAccounts({ ...call, asynchronous: {} })).rejects.toMatchObject({ code: 'not_final' });
});

test('results are fetched from the address as it was given, with the token', async () => {
  const { server, client } = await answering({ results: [row], status: 'Succeeded' });
  const resultsUri = `${server.origin}/data/v1/results/t1?x=1`;
  const result = await client.fetchResults(call, { resultsUri, endpoint: 'card_transactions' });
  if (result.state !== 'final') throw new Error('not final');
  expect([...result.rows]).toMatchObject([{ items: [{ effect: '-18.32' }] }]);
  expect(server.seen).toMatchObject([
    { method: 'GET', path: '/data/v1/results/t1', headers: { authorization: 'Bearer token-1' } },
  ]);
  expect(String(server.seen[0]?.query)).toBe('x=1');
});

test.each([
  [202, { status: 'Running', task_id: 't1', results_uri: 'https://evil.example/elsewhere' }],
  [200, { status: 'Queued', task_id: 't1' }],
  [200, { status: 'Running', results: [row] }],
])('results that are not ready stay queued under the address we had: %i %j', async (status, body) => {
  const { server, client } = await answering(body, status);
  const resultsUri = `${server.origin}/data/v1/results/t1`;
  await expect(client.fetchResults(call, { resultsUri, endpoint: 'accounts' })).resolves.toMatchObject({
    state: 'queued',
    task: { taskId: 't1', resultsUri },
  });
});

test.each([
  [
    { status: 'Failed', error: 'provider_error', error_description: 'x', results: [] },
    'provider_error',
    'bank_trouble',
  ],
  [{ status: 'Failed', error: 'sca_exceeded', results: [] }, 'sca_exceeded', 'needs_recent_sign_in'],
  [{ status: 'Failed', results: [row] }, 'task_failed', 'bank_trouble'],
])('a task that failed throws its code: %j', async (body, code, kind) => {
  const { server, client } = await answering(body);
  await expect(
    client.fetchResults(call, { resultsUri: `${server.origin}/r/1`, endpoint: 'accounts' }),
  ).rejects.toMatchObject({ code, kind, endpoint: 'async_results', httpStatus: 200 });
});

test('a token is sent to no other host, port or scheme than the configured ones, whatever an answer named', async () => {
  const elsewhere = await startServer((_, response) => sendJson(response, 200, none));
  const { server, client } = await answering(none);
  const { port } = new URL(server.origin);
  const foreign = [
    `${elsewhere.origin}/data/v1/results/t1`,
    `http://localhost:${port}/data/v1/results/t1`,
    `https://127.0.0.1:${port}/data/v1/results/t1`,
    `http://user:pass@127.0.0.1:${port}/data/v1/results/t1`,
    `${server.origin}@${elsewhere.origin.slice(7)}/x`,
    `//${elsewhere.origin.slice(7)}/x`,
    '/data/v1/results/t1',
    'file:///etc/passwd',
    '',
  ];
  for (const resultsUri of foreign) {
    await expect(client.fetchResults(call, { resultsUri, endpoint: 'accounts' })).rejects.toMatchObject({
      code: 'foreign_results_uri',
      isRetryable: false,
    });
  }
  expect([...server.seen, ...elsewhere.seen]).toEqual([]);
});
