import { describe, expect, it } from 'vitest';
import { ALL_SCOPES, dayAgo, firstIdOf, REDIRECT_URI, startForTest, type TestClient } from './test-client.ts';
import { visitAuthLink } from './visitor.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const bearer = ({ access_token }: { access_token: string }) => ({ Authorization: `Bearer ${access_token}` });

/** A complete request for a direct link. */
const direct = {
  response_type: 'code',
  client_id: 'sandbox-linkwell-5a4d1e',
  redirect_uri: REDIRECT_URI,
  scope: ALL_SCOPES,
  consent_id: 'consent1',
  provider_id: 'mock',
};

async function tokenOf(client: TestClient, fields: Record<string, string>) {
  const { status, json } = await client.token(fields);
  return { status, json };
}

describe('JSON', () => {
  it('names its charset in every answer, refusals and faults included', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const id = await firstIdOf(linked);
    await client.call('POST', '/control/faults', {
      json: { match: { path: '/data/v1/cards' }, action: { error: 'provider_error' } },
    });
    const headers = bearer(linked);
    const answers = [
      await client.token({ grant_type: 'refresh_token', refresh_token: 'unknown' }),
      await client.call('POST', '/v1/authuri', { json: direct }),
      await client.call('POST', '/v1/authuri', { json: {} }),
      await client.call('POST', '/v1/reauthuri', { json: {} }),
      await client.call('POST', '/api/debug', { json: { access_token: linked.access_token } }),
      await client.call('GET', '/api/providers'),
      await client.call('GET', '/api/v1/data/status'),
      await client.call('GET', '/v1/tracked-events?tracking_id=none', { headers }),
      await client.call('GET', '/data/v1/me'),
      await client.call('GET', '/data/v1/cards', { headers }),
      await client.call('GET', '/no-such-address'),
      ...(await Promise.all(
        ['/me', '/info', '/accounts', `/accounts/${id}/balance`, '/accounts?async=true', '/accounts/unknown'].map(
          (path) => linked.get(path),
        ),
      )),
      await client.call('POST', '/data/v1/batch/transactions', { json: {}, headers }),
    ];
    expect(new Set(answers.map(({ headers }) => headers.get('Content-Type')))).toEqual(new Set([JSON_TYPE]));
    const problem = await client.call('POST', '/connections/extend', { json: {} });
    expect(problem.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
  });
});

describe('POST /v1/authuri', () => {
  it('makes links to the mock bank only, unless it is switched to all banks', async () => {
    const client = await startForTest({ directLinks: 'mock' });
    const ask = (provider_id: string) => client.call('POST', '/v1/authuri', { json: { ...direct, provider_id } });
    expect(await ask('mock')).toMatchObject({ status: 200, json: { success: true } });
    const refusal = { error: 'invalid_request', error_details: { reason: 'Invalid provider_id' } };
    expect(await ask('ob-monzo')).toMatchObject({ status: 401, json: refusal });
    await client.switches({ direct_links: 'all' });
    expect(await ask('ob-monzo')).toMatchObject({ status: 200, json: { success: true } });
    await client.call('POST', '/control/reset');
    expect(await ask('ob-monzo')).toMatchObject({ status: 401, json: refusal });
  });

  it('refuses the scope cards by switch, and nothing else', async () => {
    const client = await startForTest();
    await client.switches({ direct_link_cards: 'refused' });
    const ask = (scope: string) => client.call('POST', '/v1/authuri', { json: { ...direct, scope } });
    expect(await ask(ALL_SCOPES)).toMatchObject({
      status: 401,
      json: { error: 'invalid_request', error_details: { reason: 'Invalid scope' } },
    });
    expect((await ask('info accounts balance offline_access')).status).toBe(200);
  });
});

describe('the reason of a refusal', () => {
  it.each([
    ['a missing field', '/v1/authuri', { ...direct, scope: undefined }, 'Invalid scope'],
    ['a field of the wrong type', '/v1/authuri', { ...direct, state: 5 }, 'Invalid state'],
    ['an unknown field', '/v1/authuri', { ...direct, user_email: 'a@example.com' }, 'Invalid user_email'],
    ['an incomplete user', '/v1/authuri', { ...direct, user: { name: 'Jo' } }, 'Invalid user'],
    ['an unknown scope', '/v1/authuri', { ...direct, scope: 'everything' }, 'Invalid scope'],
    ['a bad challenge', '/v1/authuri', { ...direct, code_challenge: 'short' }, 'Invalid code_challenge'],
    ['a body that is no object', '/v1/authuri', [], 'Invalid request'],
    ['an unknown field', '/v1/reauthuri', { response_type: 'code', client_id: 'x' }, 'Invalid refresh_token'],
  ])('names the field, for %s at %s', async (_, path, json, reason) => {
    const client = await startForTest();
    const answer = await client.call('POST', path, { json });
    expect(answer).toMatchObject({ status: 401, json: { error: 'invalid_request', error_details: { reason } } });
  });

  it('names the fields of an extension as TrueLayer does', async () => {
    const client = await startForTest();
    const { json } = await client.call('POST', '/connections/extend', { json: {} });
    expect(json.errors).toMatchObject({ ClientId: ['The ClientId field is required.'] });
  });
});

describe('POST /connect/token', () => {
  it('refuses a field that the grant does not have, and takes the same request without it', async () => {
    const client = await startForTest();
    const code = (await visitAuthLink(client.link())).fields.code ?? '';
    const exchange = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
    const refused = (reason: string) => ({
      status: 400,
      json: { error: 'invalid_request', error_details: { reason } },
    });
    expect(await tokenOf(client, { ...exchange, state: 's' })).toEqual(refused('Invalid state'));
    // The code is still good: a request that is not read spends nothing.
    const { json } = await tokenOf(client, exchange);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(json.refresh_token) };
    expect(await tokenOf(client, { ...refresh, scope: 'info' })).toEqual(refused('Invalid scope'));
    expect(await tokenOf(client, { ...refresh, redirect_uri: REDIRECT_URI })).toEqual(refused('Invalid redirect_uri'));
    expect((await tokenOf(client, refresh)).status).toBe(200);
    const own = { grant_type: 'client_credentials', scope: 'info' };
    expect(await tokenOf(client, { ...own, code: 'c' })).toEqual(refused('Invalid code'));
    expect((await tokenOf(client, own)).status).toBe(200);
    expect(await tokenOf(client, { grant_type: 'password' })).toEqual(refused('Invalid grant_type'));
  });
});

describe('the list of banks in the dialog', () => {
  it('is empty for a group that exists and has no bank', async () => {
    const client = await startForTest();
    const link = client.link({ providers: 'uk-oauth-all', provider_id: null });
    const opened = await fetch(link, { redirect: 'manual' });
    expect(opened.status).toBe(302);
    const page = await fetch(new URL(opened.headers.get('Location') ?? '', client.url));
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('No banks are available.');
    expect(html).not.toContain('name="provider_id"');
    const full = await fetch(client.link({ providers: 'uk-cs-mock', provider_id: null }));
    expect(await full.text()).toContain('name="provider_id" value="mock"');
  });

  it('still refuses a token that is no group, and a bank outside the list', async () => {
    const client = await startForTest();
    for (const query of [{ providers: 'everything', provider_id: null }, { providers: 'uk-oauth-all' }]) {
      expect((await fetch(client.link(query), { redirect: 'manual' })).status).toBe(400);
    }
  });
});

describe('HEAD', () => {
  const head = (client: TestClient, path: string, headers = {}) => client.call('HEAD', path, { headers });

  it('counts no call and starts no task', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const id = await firstIdOf(linked);
    const path = `/data/v1/accounts/${id}/transactions?from=${dayAgo(9)}&to=${dayAgo(0)}`;
    for (let call = 0; call < 6; call += 1) {
      const answer = await head(client, `${path}&t=${call}`, bearer(linked));
      expect(answer).toMatchObject({ status: 200, text: '' });
      expect(answer.headers.get('Content-Type')).toBe(JSON_TYPE);
    }
    expect((await head(client, `${path}&async=true`, bearer(linked))).status).toBe(200);
    expect((await head(client, path)).status).toBe(401);
    for (let call = 0; call < 4; call += 1) {
      expect((await linked.get(`/accounts/${id}/balance?t=${call}`, { isAttended: false })).status).toBe(200);
    }
    expect((await linked.get(`/accounts/${id}/balance`, { isAttended: false })).status).toBe(429);
  });

  it('neither opens an auth link nor uses up a fault', async () => {
    const client = await startForTest();
    const link = client.link({ tracking_id: 'tracked' });
    expect((await head(client, link)).status).toBe(200);
    const linked = await client.exchange((await visitAuthLink(link)).fields.code ?? '');
    const events = await client.call('GET', '/v1/tracked-events?tracking_id=tracked', { headers: bearer(linked) });
    expect(events.results.filter(({ name }) => name === 'dialog_started')).toHaveLength(1);
    const fault = { match: { path: '/data/v1/accounts' }, action: { error: 'provider_error' }, times: 1 };
    await client.call('POST', '/control/faults', { json: fault });
    expect((await head(client, '/data/v1/accounts', bearer(linked))).status).toBe(200);
    expect((await linked.get('/accounts')).status).toBe(503);
    expect((await head(client, '/connect/token')).status).toBe(404);
  });
});

describe('TrueLayer’s own JavaScript client', () => {
  it('asks for banks with a slash at the end, and by type', async () => {
    const client = await startForTest();
    const count = async (path: string) => JSON.parse((await client.call('GET', path)).text).length;
    expect(await count('/api/providers/')).toBe(await count('/api/providers'));
    expect(await count('/api/providers/oauth')).toBe(0);
    expect(await count('/api/providers/credentialssharing')).toBe(1);
  });

  it('links by the older flags, and calls without an address as often as it likes at the mock bank', async () => {
    const client = await startForTest({ directLinks: 'mock' });
    const older = {
      providers: null,
      provider_id: null,
      consent_id: null,
      state: null,
      nonce: 'n',
      enable_mock: 'true',
    };
    const linked = await client.connect(older, { providerId: 'mock' });
    const get = (path: string) => linked.get(path, { isAttended: false });
    for (const of of ['accounts', 'cards']) {
      const ids = (await get(`/${of}`)).results.map(({ account_id }) => account_id);
      expect(ids.length).toBeGreaterThan(1);
      const parts = ['', '/balance', '/transactions', '/transactions/pending'];
      const range = `?from=${dayAgo(30)}&to=${dayAgo(0)}`;
      for (const id of ids) {
        for (const part of [...parts, `/transactions${range}`]) {
          expect((await get(`/${of}/${id}${part}`)).status).toBe(200);
        }
      }
      for (const part of parts) {
        expect(await get(`/${of}/invalid_account${part}`)).toMatchObject({
          status: 404,
          json: { error: 'account_not_found', error_description: 'account not found' },
        });
      }
    }
  });
});

it('answers 404 for an account id that is not properly encoded', async () => {
  const client = await startForTest();
  const linked = await client.connect();
  expect(await linked.get('/accounts/%E0%A4%A/balance')).toMatchObject({ status: 404, json: { error: 'not_found' } });
});
