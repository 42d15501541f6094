import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Answer, dayAgo, firstIdOf, type Linked, startForTest } from '#sandbox/test-client';

type Notice = Record<string, unknown>;

/** Takes webhooks, answering each with the next of the given statuses. */
async function openHook(statuses: number[] = []): Promise<{ uri: string; notices: Notice[] }> {
  const notices: Notice[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      notices.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { uri: `http://127.0.0.1:${port}/hook?secret=s`, notices };
}

async function finish(linked: Linked, receipt: Answer): Promise<Answer> {
  const look = () => linked.get(String(receipt.json.results_uri));
  await expect.poll(async () => (await look()).json.status).toMatch(/Succeeded|Failed/);
  return look();
}

const start = (linked: Linked, path: string, hook?: string) =>
  linked.get(
    `${path}${path.includes('?') ? '&' : '?'}async=true${hook === undefined ? '' : `&webhook_uri=${encodeURIComponent(hook)}`}`,
  );

describe('an asynchronous call', () => {
  it('answers 202 at first and then exactly what the synchronous one would have', async () => {
    const client = await startForTest();
    await client.switches({ async_delay_ms: 2000 });
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/transactions?from=${dayAgo(30)}&to=${dayAgo(0)}`;
    const receipt = await start(linked, path);
    expect(receipt).toMatchObject({ status: 202, json: { status: 'Queued', task_id: expect.any(String) } });
    expect(receipt.json.results_uri).toBe(`${client.url}/data/v1/results/${receipt.json.task_id}`);
    expect(await linked.get(String(receipt.json.results_uri))).toMatchObject({ status: 202 });
    expect((await finish(linked, receipt)).text).toBe((await linked.get(path)).text);
  });

  it('gives its results to nobody but the connection that asked', async () => {
    const client = await startForTest();
    const [linked, other] = [await client.connect(), await client.connect()];
    const { json } = await start(linked, '/accounts');
    expect((await other.get(String(json.results_uri))).status).toBe(404);
    expect((await client.call('GET', String(json.results_uri))).status).toBe(401);
  });

  it('is refused at once for want of scope, a bad date or a wrong wish', async () => {
    const client = await startForTest();
    const linked = await client.connect({ scope: 'accounts offline_access' });
    const id = await firstIdOf(linked);
    expect((await start(linked, `/accounts/${id}/balance`)).status).toBe(403);
    expect((await linked.get('/accounts?async=yes')).status).toBe(400);
    expect((await linked.get('/accounts?async=true&webhook_uri=nowhere')).status).toBe(400);
    const all = await client.connect();
    expect((await start(all, `/accounts/${id}/transactions?from=x`)).status).toBe(400);
    await client.switches({ banks: { 'ob-monzo': { allows_async: false } } });
    expect((await start(all, '/accounts')).status).toBe(501);
  });

  it('counts as one of the four, and fails as a task when they are used up', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/balance?async=true`;
    for (let call = 0; call < 4; call += 1) await linked.get(`${path}&t=${call}`, { isAttended: false });
    const fifth = await linked.get(path, { isAttended: false });
    expect(fifth.status).toBe(202);
    expect(await finish(linked, fifth)).toMatchObject({
      status: 200,
      json: { status: 'Failed', error: 'provider_request_limit_exceeded', results: [] },
    });
  });

  it('can fail and can hang', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await client.switches({ async_outcome: 'failed' });
    const failed = await finish(linked, await start(linked, '/accounts'));
    expect(failed.json).toMatchObject({ status: 'Failed', error: 'provider_error' });
    await client.switches({ async_outcome: 'stuck' });
    const stuck = await start(linked, '/accounts');
    expect((await linked.get(String(stuck.json.results_uri))).status).toBe(202);
  });
});

describe('a webhook', () => {
  it('is told once, without results, when the task has ended', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const hook = await openHook();
    const { json } = await start(linked, '/accounts', hook.uri);
    await expect.poll(() => hook.notices).toHaveLength(1);
    expect(hook.notices[0]).toEqual({
      request_timestamp: expect.any(String),
      request_uri: expect.stringContaining('/data/v1/accounts?async=true'),
      credentials_id: (await linked.get('/me')).results[0]?.credentials_id,
      task_id: json.task_id,
      status: 'Succeeded',
      results_uri: json.results_uri,
    });
    expect((await linked.get(String(json.results_uri))).status).toBe(200);
  });

  it.each([
    ['twice', {}, [], 2],
    ['late', { webhook_late_ms: 30 }, [], 1],
    ['once', { webhook_retry_ms: 10 }, [500], 2],
    ['once', { webhook_retry_ms: 10 }, [500, 500, 500], 2],
  ])('by the switch %s %j and answers %j is sent %d times', async (webhook, more, statuses, times) => {
    const client = await startForTest();
    await client.switches({ webhook, ...more });
    const linked = await client.connect();
    const hook = await openHook(statuses);
    await start(linked, '/accounts', hook.uri);
    await expect.poll(() => hook.notices).toHaveLength(times);
    expect(new Set(hook.notices.map(({ task_id }) => task_id)).size).toBe(1);
  });

  it('may never come', async () => {
    const client = await startForTest();
    await client.switches({ webhook: 'never' });
    const linked = await client.connect();
    const hook = await openHook();
    await finish(linked, await start(linked, '/accounts', hook.uri));
    await client.switches({ webhook: 'once' });
    await start(linked, '/accounts', hook.uri);
    await expect.poll(() => hook.notices).toHaveLength(1);
  });
});

describe('a batch', () => {
  it('brings the transactions, pending and balances of the accounts asked for', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const id = await firstIdOf(linked);
    const receipt = await client.call('POST', '/data/v1/batch/transactions', {
      headers: { Authorization: `Bearer ${linked.access_token}`, 'X-PSU-IP': '203.0.113.9' },
      json: { from: dayAgo(10), to: dayAgo(1), pending: true, balance: true, account_ids_whitelist: [id] },
    });
    expect(receipt.status).toBe(202);
    const { json } = await finish(linked, receipt);
    expect(json).toMatchObject({
      status: 'Succeeded',
      request: { from: `${dayAgo(10)}T00:00:00`, to: `${dayAgo(1)}T00:00:00` },
    });
    const direct = await linked.get(`/accounts/${id}/transactions?from=${dayAgo(10)}&to=${dayAgo(1)}`);
    expect(json.results).toMatchObject({
      accounts: [{ account_id: id, transactions: direct.results, balance: { currency: 'GBP' } }],
      cards: [],
    });
  });
});
