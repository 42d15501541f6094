import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ALL_SCOPES, DAY, dayAgo, firstIdOf, startForTest } from '#sandbox/test-client';

const today = dayAgo(0);

describe('an answer of the Data API', () => {
  it('carries the headers of every answer, refused or not', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const me = await linked.get('/me');
    for (const { headers } of [me, await linked.get('/accounts'), await linked.get('/accounts/nobody')]) {
      expect(headers.get('X-TL-Correlation-Id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('X-Request-Id')).not.toBe(headers.get('X-TL-Correlation-Id'));
      expect(headers.get('X-Credentials-Id')).toBe(me.results[0]?.credentials_id);
      expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
      expect(headers.get('Cache-Control')).toBe('max-age=3600');
      expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('deny');
      expect(headers.get('X-XSS-Protection')).toBe('1; mode=block');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    }
  });

  it('spells its own header names as TrueLayer does', async () => {
    const client = await startForTest();
    const { get } = await import('node:http');
    const names = await new Promise<string[]>((resolve) => {
      get(`${client.url}/data/v1/me`, (response) => resolve(response.resume().rawHeaders));
    });
    expect(names).toContain('X-Tl-Correlation-Id');
  });

  it('is compressed for those who accept it and plain for those who do not', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const ask = async (encoding: string) => {
      const { get } = await import('node:http');
      const headers = {
        Authorization: `Bearer ${linked.access_token}`,
        'Accept-Encoding': encoding,
        'X-PSU-IP': '203.0.113.9',
      };
      return new Promise<{ encoding: string | undefined; body: Buffer }>((resolve) => {
        get(`${client.url}/data/v1/accounts`, { headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
          );
        });
      });
    };
    const zipped = await ask('gzip, br');
    const plain = await ask('identity');
    expect([zipped.encoding, plain.encoding]).toEqual(['gzip', undefined]);
    expect(gunzipSync(zipped.body).toString()).toBe(plain.body.toString());
  });

  it('has results and a status, of which one is in the list for a single thing', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const id = await firstIdOf(linked);
    for (const path of ['/me', '/info', `/accounts/${id}`, `/accounts/${id}/balance`]) {
      expect((await linked.get(path)).json).toEqual({ results: [expect.any(Object)], status: 'Succeeded' });
    }
  });
});

describe('the Data API refuses', () => {
  it('whoever has no token, a malformed one or one that has expired', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    expect(await client.call('GET', '/data/v1/me')).toMatchObject({ status: 401, json: { error: 'unauthorized' } });
    const headers = { Authorization: 'Bearer a.b.c' };
    expect(await client.call('GET', '/data/v1/me', { headers })).toMatchObject({ json: { error: 'invalid_token' } });
    await client.advance(3_600_001);
    const expired = await linked.get('/accounts');
    expect(expired).toMatchObject({ status: 401, json: { error: 'invalid_token', error_details: {} } });
    expect(expired.json.error_description).toMatch(/^The token expired at '\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ'$/);
  });

  it.each([
    ['/info', 'info'],
    ['/accounts', 'accounts'],
    ['/cards', 'cards'],
    ['/accounts/:id/balance', 'balance'],
    ['/accounts/:id/transactions', 'transactions'],
    ['/accounts/:id/transactions/pending', 'transactions'],
    ['/accounts/:id/direct_debits', 'direct_debits'],
    ['/accounts/:id/standing_orders', 'standing_orders'],
  ])('%s without the scope %s', async (path, scope) => {
    const client = await startForTest();
    const id = await firstIdOf(await client.connect());
    const without = ALL_SCOPES.split(' ').filter((each) => each !== scope);
    const linked = await client.connect({ scope: without.join(' ') });
    const answer = await linked.get(path.replace(':id', id));
    expect(answer).toMatchObject({ status: 403, json: { error: 'access_denied' } });
  });

  it('accounts that are somebody else’s, or not shared', async () => {
    const client = await startForTest();
    const john = await client.connect();
    const other = await client.connect({}, { username: 'john2', password: 'doe2' });
    const id = await firstIdOf(other);
    expect(await john.get(`/accounts/${id}/balance`)).toMatchObject({
      status: 404,
      json: { error: 'account_not_found' },
    });
  });

  it('what a bank does not have', async () => {
    const client = await startForTest();
    const unsupported = { status: 501, json: { error: 'endpoint_not_supported' } };
    expect(await (await client.connect({ provider_id: 'ob-amex' })).get('/accounts')).toMatchObject(unsupported);
    expect(await (await client.connect({ provider_id: 'ob-danske' })).get('/cards')).toMatchObject(unsupported);
    expect(await (await client.connect({ provider_id: 'ob-barclaycard' })).get('/info')).toMatchObject(unsupported);
    const santander = await client.connect({ provider_id: 'ob-santander' });
    const id = await firstIdOf(santander);
    expect(await santander.get(`/accounts/${id}/transactions/pending`)).toMatchObject(unsupported);
    const mock = await client.connect({ provider_id: 'mock' });
    expect(await mock.get(`/accounts/${await firstIdOf(mock)}/direct_debits`)).toMatchObject(unsupported);
  });

  it.each([
    [`from=${today}&to=${dayAgo(-1)}`, 'invalid_date_range'],
    [`from=${today}&to=${dayAgo(3)}`, 'invalid_date_range'],
    [`from=yesterday&to=${today}`, 'validation_error'],
    [`from=2026-02-30&to=${today}`, 'validation_error'],
  ])('the dates %s', async (query, error) => {
    const client = await startForTest();
    const linked = await client.connect();
    const answer = await linked.get(`/accounts/${await firstIdOf(linked)}/transactions?${query}`);
    expect(answer).toMatchObject({ status: 400, json: { error } });
  });

  it('an address in X-PSU-IP that is none', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const answer = await linked.get('/accounts', { headers: { 'X-PSU-IP': '203.0.113.9, 10.0.0.1' } });
    expect(answer).toMatchObject({ status: 400, json: { error: 'validation_error' } });
  });

  it.each([
    ['account_permanently_locked', 403],
    ['account_temporarily_locked', 403],
    ['internal_error', 500],
    ['provider_error', 503],
    ['user_input_required', 403],
    ['wrong_credentials', 403],
  ])('everything of the user error.%s, who links all the same', async (error, status) => {
    const client = await startForTest();
    const linked = await client.connect({}, { username: `error.${error}`, password: 'error' });
    expect(await linked.get('/accounts')).toMatchObject({ status, json: { error } });
    expect(await linked.get('/info')).toMatchObject({ status, json: { error } });
    expect((await linked.get('/me')).status).toBe(200);
  });
});

describe('dates', () => {
  it('are taken as days, with zone, with blank for plus, without zone, and default to ninety days', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/transactions`;
    const [from, to] = [dayAgo(90), today];
    const plain = await linked.get(`${path}?from=${from}&to=${to}`);
    expect(plain.results.length).toBeGreaterThan(100);
    for (const query of [
      '',
      `?from=${from}T00:00:00Z&to=${to}T23:59:59.939Z`,
      `?from=${from}T00:00:00&to=${to}T00:00:00+00:00`,
      `?from=${from}&to=${to}&t=12345`,
    ]) {
      expect((await linked.get(path + query)).results).toEqual(plain.results);
    }
  });

  it('include the first and the last', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const path = `/accounts/${await firstIdOf(linked)}/transactions`;
    const { results } = await linked.get(`${path}?from=${dayAgo(9)}&to=${dayAgo(7)}`);
    const days = new Set(results.map(({ timestamp }) => String(timestamp).slice(0, 10)));
    expect([...days].sort()).toEqual([dayAgo(9), dayAgo(8), dayAgo(7)]);
  });
});

it('answers an equal question within the hour as of the first time, unless a parameter differs', async () => {
  const client = await startForTest();
  const linked = await client.connect();
  const stamp = async (query = '') => (await linked.get(`/accounts${query}`)).results[0]?.update_timestamp;
  const first = await stamp();
  await client.advance(60_000);
  expect(await stamp()).toBe(first);
  expect(await stamp('?t=1')).not.toBe(first);
  await client.advance(3_550_000 - 60_000);
  await client.advance(40_000);
  const renewed = (await linked.refresh()).json;
  await client.advance(20_000);
  const headers = { Authorization: `Bearer ${String(renewed.access_token)}` };
  const later = await client.call('GET', '/data/v1/accounts', { headers });
  expect(later.results[0]?.update_timestamp).not.toBe(first);
});

it('gives the same accounts to the same person again, under another connection', async () => {
  const client = await startForTest();
  const first = await client.connect();
  const second = await client.connect();
  expect(await firstIdOf(second)).toBe(await firstIdOf(first));
  const [a, b] = [await first.get('/me'), await second.get('/me')];
  expect(a.results[0]?.credentials_id).not.toBe(b.results[0]?.credentials_id);
  expect(Date.parse(String(a.results[0]?.consent_expires_at)) - Date.now()).toBeGreaterThan(89 * DAY);
});
