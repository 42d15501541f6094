import { describe, expect, it } from 'vitest';
import { dayAgo, firstIdOf, startForTest, type TestClient } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

const fault = async (client: TestClient, json: unknown) =>
  String((await client.call('POST', '/control/faults', { json })).json.id);

type Entry = { id: number; path: string; status: number | null; outcome: string; is_attended: boolean };
const requests = async (client: TestClient, since = 0): Promise<Entry[]> =>
  JSON.parse((await client.call('GET', `/control/requests?since=${since}`)).text);

describe('the control', () => {
  it('is closed unless asked for, and to pages and proxies always', async () => {
    const closed = await startForTest({ isControllable: false });
    expect((await closed.call('GET', '/control/faults')).status).toBe(404);
    expect((await closed.call('PUT', '/control/clock', { json: { offset_ms: 5 } })).status).toBe(404);
    expect((await closed.call('GET', '/clock')).json.offset_ms).toBe(0);
    const open = await startForTest();
    for (const headers of [{ Origin: 'http://evil.example' }, { 'X-Forwarded-For': '198.51.100.1' }]) {
      expect((await open.call('GET', '/control/faults', { headers })).status).toBe(404);
    }
  });

  it('moves the clock that everybody can read', async () => {
    const client = await startForTest();
    await client.call('PUT', '/control/clock', { json: { offset_ms: 1000 } });
    await client.call('PUT', '/control/clock', { json: { advance_ms: 500 } });
    expect((await client.call('GET', '/clock')).json.offset_ms).toBe(1500);
    await client.call('PUT', '/control/clock', { json: { now: '2031-01-01T00:00:00Z' } });
    expect(String((await client.call('GET', '/clock')).json.now)).toMatch(/^2031-01-01T00:00:0/);
    expect((await client.call('PUT', '/control/clock', { json: { now: 'soon' } })).status).toBe(400);
  });

  it('refuses switches and faults that it does not know', async () => {
    const client = await startForTest();
    expect((await client.call('PUT', '/control/switches', { json: { rotatoin: false } })).status).toBe(400);
    expect(
      (await client.call('PUT', '/control/switches', { json: { banks: { mock: { sca_minutes: -1 } } } })).status,
    ).toBe(400);
    expect((await client.call('POST', '/control/faults', { json: { action: { explode: true } } })).status).toBe(400);
  });

  it('can put everything back', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await client.switches({ rotation: false });
    await fault(client, { action: { status: 500 } });
    await client.advance(1000);
    expect((await client.call('POST', '/control/reset')).status).toBe(204);
    expect((await client.call('GET', '/control/switches')).json.rotation).toBe(true);
    expect((await client.call('GET', '/clock')).json.offset_ms).toBe(0);
    expect((await linked.get('/me')).status).toBe(401);
    expect(await requests(client)).toHaveLength(1);
  });
});

describe('a fault', () => {
  it('answers with a status, a code and headers, as often as told and after as many as told', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await fault(client, {
      match: { path: '/data/v1/accounts' },
      action: { error: 'provider_too_many_requests', headers: { 'Retry-After': '7' } },
      after: 1,
      times: 2,
    });
    const answers = [];
    for (let call = 0; call < 4; call += 1) answers.push(await linked.get('/accounts'));
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect(answers[1]?.headers.get('Retry-After')).toBe('7');
    expect(answers[1]?.json).toMatchObject({ error: 'provider_too_many_requests', error_details: {} });
    expect(answers[1]?.headers.get('X-TL-Correlation-Id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    [{ provider_id: 'ob-monzo' }, [503, 200]],
    [{ path: '/data/v1/accounts/*' }, [200, 200]],
    [{ path: '/data/**' }, [503, 503]],
    [{ path: '^/data/v1/acc.*s$' }, [503, 503]],
    [{ method: 'post' }, [200, 200]],
    [{ attended: true }, [503, 503]],
    [{ attended: false }, [200, 200]],
  ])('strikes only what matches %j', async (match, statuses) => {
    const client = await startForTest();
    const [monzo, mock] = [await client.connect(), await client.connect({ provider_id: 'mock' })];
    await fault(client, { match, action: { error: 'provider_error' } });
    expect([(await monzo.get('/accounts')).status, (await mock.get('/accounts')).status]).toEqual(statuses);
  });

  it('can be for one account, be listed and be removed', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const [one, two] = (await linked.get('/accounts')).results.map(({ account_id }) => account_id);
    const id = await fault(client, { match: { account_id: one }, action: { status: 403, body: '' } });
    expect(await linked.get(`/accounts/${one}/balance`)).toMatchObject({ status: 403, text: '' });
    expect((await linked.get(`/accounts/${two}/balance`)).status).toBe(200);
    expect((await client.call('GET', '/control/faults')).text).toContain('"struck":1');
    expect((await client.call('DELETE', `/control/faults/${id}`)).status).toBe(204);
    expect((await linked.get(`/accounts/${one}/balance`)).status).toBe(200);
  });

  it('can send a body that is no JSON, one that is still running, and rows twice', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const once = { times: 1 };
    const whole = (await linked.get('/accounts')).results;
    await fault(client, { ...once, action: { malformed: true } });
    await expect(linked.get('/accounts')).rejects.toThrow(SyntaxError);
    await fault(client, { ...once, action: { running_200: true } });
    expect(await linked.get('/accounts')).toMatchObject({ status: 200, json: { status: 'Running', results: [] } });
    await fault(client, { ...once, action: { duplicate_rows: true } });
    expect((await linked.get('/accounts')).results).toHaveLength(whole.length * 2);
  });

  it('can drop a request before the work: the code is still good', async () => {
    const client = await startForTest();
    const code = (await visitAuthLink(client.link())).fields.code ?? '';
    await fault(client, { match: { path: '/connect/token' }, action: { drop: true }, times: 1 });
    await expect(client.exchange(code)).rejects.toThrow('fetch failed');
    expect((await client.exchange(code)).access_token).toBeDefined();
  });

  it('can drop the answer after the work: the code is spent, the token rotated', async () => {
    const client = await startForTest();
    await fault(client, { match: { path: '/connect/token' }, action: { drop_after: true }, times: 1 });
    const code = (await visitAuthLink(client.link())).fields.code ?? '';
    await expect(client.exchange(code)).rejects.toThrow('fetch failed');
    await expect(client.exchange(code)).rejects.toThrow('refused');
    const linked = await client.connect();
    await fault(client, { match: { path: '/connect/token' }, action: { drop_after: true }, times: 1 });
    await expect(linked.refresh()).rejects.toThrow('fetch failed');
    expect(await linked.refresh()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('can replay a request, as a network may', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await fault(client, { match: { path: '/connect/token' }, action: { duplicate: true }, times: 1 });
    expect(await linked.refresh()).toMatchObject({ status: 400 });
  });

  it('does not spare the call from being counted', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/balance`;
    await fault(client, { match: { path: '/data/**' }, action: { error: 'provider_error' }, times: 4 });
    for (let call = 0; call < 4; call += 1) await linked.get(path, { isAttended: false });
    expect((await linked.get(path, { isAttended: false })).json.error).toBe('provider_request_limit_exceeded');
  });

  it('holds a request until it is removed, alone or with all others', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    for (const remove of ['one', 'all']) {
      const id = await fault(client, { match: { path: '/data/v1/me' }, action: { hold: true } });
      let isAnswered = false;
      const held = linked.get('/me').finally(() => {
        isAnswered = true;
      });
      await expect.poll(async () => (await client.call('GET', '/control/faults')).text).toContain('"struck":1');
      expect((await linked.get('/accounts')).status).toBe(200);
      expect(isAnswered).toBe(false);
      await client.call('DELETE', remove === 'one' ? `/control/faults/${id}` : '/control/faults');
      expect((await held).status).toBe(200);
    }
  });

  it('delays, as does a slow bank', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await fault(client, { match: { path: '/data/v1/me' }, action: { delay_ms: 30 } });
    await client.switches({ banks: { 'ob-monzo': { latency_ms: 30 } } });
    expect((await linked.get('/me')).status).toBe(200);
    expect((await linked.get('/accounts')).status).toBe(200);
    const slow = JSON.parse((await client.call('GET', '/control/requests')).text).slice(-2);
    for (const { duration_ms } of slow) expect(duration_ms).toBeGreaterThanOrEqual(29);
  });
});

describe('the log of requests', () => {
  it('says who asked what, and never a secret', async () => {
    const client = await startForTest();
    const linked = await client.connect({ state: 'very-secret-state' });
    const since = (await requests(client)).at(-1)?.id ?? 0;
    await linked.get(`/accounts?from=${dayAgo(1)}&webhook_uri=http://secret-hook/`);
    await linked.get('/me', { isAttended: false });
    await client.call('GET', '/nowhere');
    expect(await requests(client, since)).toMatchObject([
      { path: '/data/v1/accounts', is_attended: true, psu_ip: '203.0.113.9', provider_id: 'ob-monzo', status: 200 },
      { path: '/data/v1/me', is_attended: false, psu_ip: null, credentials_id: expect.any(String) },
      { path: '/nowhere', status: 404, outcome: 'answered' },
    ]);
    const { text } = await client.call('GET', '/control/requests');
    for (const secret of ['very-secret-state', 'secret-hook', linked.access_token, linked.refresh_token]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a connection', () => {
  it('can be listed without its secrets, and be made old', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const { text } = await client.call('GET', '/control/connections');
    expect(text).toContain('"providerId":"ob-monzo"');
    expect(text).not.toContain('credentialsKey');
    const id = encodeURIComponent(JSON.parse(text)[0].credentialsId);
    const change = (json: unknown) => client.call('POST', `/control/connections/${id}`, { json });
    expect((await change({ forget_sign_in: true })).status).toBe(204);
    expect((await linked.get('/info')).json.error).toBe('sca_exceeded');
    await change({ consent_expires_at: '2040-01-01T00:00:00Z' });
    expect((await linked.get('/me')).results[0]?.consent_expires_at).toBe('2040-01-01T00:00:00.000Z');
    expect((await change({ nonsense: true })).status).toBe(400);
  });
});
