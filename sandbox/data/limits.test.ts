import { describe, expect, it } from 'vitest';
import { type Answer, dayAgo, firstIdOf, type Linked, startForTest, type TestClient } from '#sandbox/test-client';

const HOUR = 3_600_000;
const unattended = { isAttended: false };
const statuses = (answers: Answer[]) => answers.map(({ status }) => status);

async function callTimes(linked: Linked, path: string, times: number, how = unattended): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let call = 0; call < times; call += 1) answers.push(await linked.get(path, how));
  return answers;
}

async function lasting(client: TestClient, query = {}): Promise<Linked> {
  await client.switches({ access_token_seconds: 400_000, sca_limit: false, cache_seconds: 0 });
  return client.connect(query);
}

describe('calls without the person', () => {
  it('are four for each account in any 24 hours, of whatever kind', async () => {
    const client = await startForTest();
    const linked = await lasting(client);
    const id = await firstIdOf(linked);
    await callTimes(linked, `/accounts/${id}/balance`, 2);
    await callTimes(linked, `/accounts/${id}/transactions`, 1);
    await callTimes(linked, `/accounts/${id}/transactions/pending`, 1);
    const fifth = await linked.get(`/accounts/${id}`, unattended);
    expect(fifth).toMatchObject({ status: 429, json: { error: 'provider_request_limit_exceeded' } });
    expect(fifth.headers.get('Retry-After')).toBeNull();
  });

  it('do not hinder calls with the person, nor other accounts', async () => {
    const client = await startForTest();
    const linked = await lasting(client);
    const [first, second] = (await linked.get('/accounts')).results.map(({ account_id }) => account_id);
    await callTimes(linked, `/accounts/${first}/balance`, 5);
    expect((await linked.get(`/accounts/${first}/balance`)).status).toBe(200);
    expect((await linked.get(`/accounts/${second}/balance`, unattended)).status).toBe(200);
  });

  it('are free again one by one, a day after each', async () => {
    const client = await startForTest();
    const linked = await lasting(client);
    const path = `/accounts/${await firstIdOf(linked)}/balance`;
    await callTimes(linked, path, 1);
    await client.advance(10 * HOUR);
    expect(statuses(await callTimes(linked, path, 4))).toEqual([200, 200, 200, 429]);
    await client.advance(14 * HOUR + 1000);
    expect(statuses(await callTimes(linked, path, 2))).toEqual([200, 429]);
  });

  it('count lists for the connection, and neither /me nor tokens', async () => {
    const client = await startForTest();
    const linked = await lasting(client);
    const lists = [...(await callTimes(linked, '/accounts', 3)), ...(await callTimes(linked, '/cards', 2))];
    expect(statuses(lists)).toEqual([200, 200, 200, 200, 429]);
    expect(statuses(await callTimes(linked, '/me', 6))).toEqual([200, 200, 200, 200, 200, 200]);
    const { results } = await linked.get('/accounts');
    expect((await linked.get(`/accounts/${results[0]?.account_id}/balance`, unattended)).status).toBe(200);
  });

  it('are counted for each endpoint where the bank does so', async () => {
    const client = await startForTest();
    const linked = await lasting(client, { provider_id: 'ob-revolut' });
    const id = await firstIdOf(linked);
    const balances = await callTimes(linked, `/accounts/${id}/balance`, 5);
    expect(statuses(balances)).toEqual([200, 200, 200, 200, 429]);
    expect((await linked.get(`/accounts/${id}/transactions`, unattended)).status).toBe(200);
  });

  it('are separate for each connection, and unlimited by the switch', async () => {
    const client = await startForTest();
    const [one, two] = [await lasting(client), await lasting(client)];
    const path = `/accounts/${await firstIdOf(one)}/balance`;
    await callTimes(one, path, 4);
    expect((await two.get(path, unattended)).status).toBe(200);
    await client.switches({ unattended_limit: false });
    expect((await one.get(path, unattended)).status).toBe(200);
  });
});

describe('older rows and protected resources', () => {
  it.each([
    ['ob-monzo', 5],
    ['ob-tsb', 10],
    ['ob-lloyds', 45],
    ['ob-hsbc', 60],
  ])('are open at %s for %d minutes after the sign-in', async (provider_id, minutes) => {
    const client = await startForTest();
    await client.switches({ access_token_seconds: 400_000 });
    const linked = await client.connect({ provider_id });
    const id = await firstIdOf(linked);
    const paths = ['/info', `/accounts/${id}/direct_debits`, `/accounts/${id}/standing_orders`].concat(
      `/accounts/${id}/transactions?from=${dayAgo(91)}&to=${dayAgo(0)}`,
    );
    await client.advance(minutes * 60_000 - 5000);
    for (const path of paths) expect((await linked.get(path)).status).toBe(200);
    await client.advance(6000);
    for (const path of paths) {
      expect(await linked.get(path)).toMatchObject({ status: 403, json: { error: 'sca_exceeded' } });
    }
    // A day of slack: an hour later it may be another day.
    const recent = await linked.get(`/accounts/${id}/transactions?from=${dayAgo(89)}&to=${dayAgo(0)}`);
    expect(recent.status).toBe(200);
  });

  it('are refused in other words at some banks', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-danske' });
    const path = `/accounts/${await firstIdOf(linked)}/transactions?from=${dayAgo(91)}&to=${dayAgo(0)}`;
    await client.advance(16 * 60_000);
    expect(await linked.get(path)).toMatchObject({
      status: 403,
      json: { error: 'access_denied', error_details: { provider_details: 'Client application error: NO-BODY' } },
    });
    await client.switches({ banks: { 'ob-danske': { deep_refusal: 'empty' } } });
    expect(await linked.get(path)).toMatchObject({ status: 403, text: '' });
  });

  it('include the list of accounts at Revolut', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-revolut' });
    const id = await firstIdOf(linked);
    await client.advance(6 * 60_000);
    expect(await linked.get('/accounts')).toMatchObject({ status: 403, json: { error: 'sca_exceeded' } });
    expect((await linked.get(`/accounts/${id}/balance`)).status).toBe(200);
  });
});

describe('the depth of history', () => {
  it('is refused beyond the bank’s own at some banks, and cut without a word at others', async () => {
    const client = await startForTest();
    const range = (days: number) => `transactions?from=${dayAgo(days)}&to=${dayAgo(0)}`;
    const nationwide = await client.connect({ provider_id: 'ob-nationwide' });
    const id = await firstIdOf(nationwide);
    expect((await nationwide.get(`/accounts/${id}/${range(450)}`)).status).toBe(200);
    expect(await nationwide.get(`/accounts/${id}/${range(451)}`)).toMatchObject({
      status: 400,
      json: { error: 'invalid_date_range' },
    });
    const natwest = await client.connect({ provider_id: 'ob-natwest' });
    const card = await firstIdOf(natwest, 'cards');
    const oldest = (await natwest.get(`/cards/${card}/${range(400)}`)).results.at(-1);
    expect(String(oldest?.timestamp) >= dayAgo(180)).toBe(true);
  });

  it('goes back at least two years at an ordinary bank', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-barclays' });
    const { results } = await linked.get(
      `/accounts/${await firstIdOf(linked)}/transactions?from=${dayAgo(730)}&to=${dayAgo(0)}`,
    );
    expect(String(results.at(-1)?.timestamp) <= dayAgo(728)).toBe(true);
  });

  it('ends at a hundred rows at AIB, whatever the range', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'ob-aib' });
    const path = `/accounts/${await firstIdOf(linked)}/transactions`;
    expect((await linked.get(`${path}?from=${dayAgo(300)}&to=${dayAgo(0)}`)).results).toHaveLength(100);
    expect((await linked.get(`${path}?from=${dayAgo(3)}&to=${dayAgo(0)}`)).results.length).toBeLessThan(100);
  });
});

describe('an answer from the cache', () => {
  it('costs none of the four calls, for an hour', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/balance`;
    expect(statuses(await callTimes(linked, path, 9))).toEqual(Array.from({ length: 9 }, () => 200));
    const others = [1, 2, 3, 4].map((number) => `${path}?t=${number}`);
    const answers: Answer[] = [];
    for (const other of others) answers.push(await linked.get(other, unattended));
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    expect((await linked.get(path, unattended)).status).toBe(200);
  });

  it('has the moment at which the bank was asked', async () => {
    const client = await startForTest();
    await client.switches({ access_token_seconds: 400_000 });
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/balance`;
    const [first] = (await linked.get(path)).results;
    await client.advance(HOUR - 5000);
    expect((await linked.get(path)).results[0]?.update_timestamp).toBe(first?.update_timestamp);
    await client.advance(6000);
    expect((await linked.get(path)).results[0]?.update_timestamp).not.toBe(first?.update_timestamp);
  });

  it('is never a refusal: each one is asked for again and counted', async () => {
    const client = await startForTest();
    const linked = await client.connect({}, { username: 'error.account_temporarily_locked', password: 'error' });
    const answers = await callTimes(linked, '/accounts', 5);
    expect(statuses(answers)).toEqual([403, 403, 403, 403, 429]);
  });

  it('counts where the switch says so', async () => {
    const client = await startForTest();
    await client.switches({ cached_calls_count: true });
    const linked = await client.connect();
    expect(statuses(await callTimes(linked, '/accounts', 5))).toEqual([200, 200, 200, 200, 429]);
  });
});

describe('the mock bank', () => {
  it('has no limit of calls and no protected time after the sign-in', async () => {
    const client = await startForTest();
    await client.switches({ access_token_seconds: 400_000, cache_seconds: 0 });
    const linked = await client.connect({ provider_id: 'mock' });
    const id = await firstIdOf(linked);
    await client.advance(HOUR);
    const paths = ['/info', `/accounts/${id}/transactions?from=${dayAgo(400)}&to=${dayAgo(0)}`];
    for (const path of paths) expect(statuses(await callTimes(linked, path, 5))).toEqual([200, 200, 200, 200, 200]);
  });

  it('gets both limits by switch', async () => {
    const client = await startForTest();
    const banks = { mock: { unattended_limit: 4, sca_minutes: 5 } };
    await client.switches({ access_token_seconds: 400_000, cache_seconds: 0, banks });
    const linked = await client.connect({ provider_id: 'mock' });
    await client.advance(HOUR);
    expect(await linked.get('/info')).toMatchObject({ status: 403, json: { error: 'sca_exceeded' } });
    expect(statuses(await callTimes(linked, '/accounts', 5))).toEqual([200, 200, 200, 200, 429]);
  });
});
