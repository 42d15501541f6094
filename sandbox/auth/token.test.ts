import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { challengeOf } from '#sandbox/grants/secrets';
import { DAY, REDIRECT_URI, startForTest, type TestClient } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

async function codeFor(client: TestClient, query: Record<string, string> = {}): Promise<string> {
  return (await visitAuthLink(client.link(query))).fields.code ?? '';
}

const exchange = (client: TestClient, code: string, more: Record<string, string> = {}) =>
  client.token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more });

describe('the exchange of a code', () => {
  it('gives tokens once', async () => {
    const client = await startForTest();
    const code = await codeFor(client);
    const first = await exchange(client, code);
    expect(first).toMatchObject({ status: 200, json: { expires_in: 3600, token_type: 'Bearer' } });
    expect(first.json.refresh_token).toMatch(/^[0-9A-F]{64}$/);
    const second = await exchange(client, code);
    expect(second).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(Object.keys(second.json)).toEqual(['error']);
  });

  it('takes JSON as well as a form', async () => {
    const client = await startForTest();
    const { clientId: client_id, clientSecret: client_secret } = client;
    const json = {
      grant_type: 'authorization_code',
      code: await codeFor(client),
      redirect_uri: REDIRECT_URI,
      client_id,
      client_secret,
    };
    expect(await client.call('POST', '/connect/token', { json })).toMatchObject({ status: 200 });
  });

  it('is refused more than five minutes later', async () => {
    const client = await startForTest();
    const code = await codeFor(client);
    await client.advance(5 * 60_000 + 1000);
    expect(await exchange(client, code)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('is refused for another redirect URI, and spends the code', async () => {
    const client = await startForTest();
    const code = await codeFor(client);
    expect(await exchange(client, code, { redirect_uri: 'http://localhost:3000/other' })).toMatchObject({
      status: 400,
    });
    expect(await exchange(client, code)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('is refused for a wrong secret, which does not spend the code', async () => {
    const client = await startForTest();
    const code = await codeFor(client);
    const refused = await exchange(client, code, { client_secret: 'wrong' });
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_client' } });
    expect(await exchange(client, code)).toMatchObject({ status: 200 });
  });

  it.each([
    ['no verifier', {}, 400],
    ['another verifier', { code_verifier: 'b'.repeat(43) }, 400],
    ['the right verifier', { code_verifier: 'a'.repeat(43) }, 200],
  ])('with a challenge and %s answers as PKCE demands', async (_, more, status) => {
    const client = await startForTest();
    const query = { code_challenge: challengeOf('a'.repeat(43)), code_challenge_method: 'S256' };
    expect(await exchange(client, await codeFor(client, query), more)).toMatchObject({ status });
  });

  it('gives no refresh token without offline_access', async () => {
    const client = await startForTest();
    const answer = await exchange(client, await codeFor(client, { scope: 'accounts' }));
    expect(answer.json).not.toHaveProperty('refresh_token');
  });

  it('gives an access token with the claims that clients read', async () => {
    const client = await startForTest();
    const { json } = await exchange(client, await codeFor(client));
    const token = String(json.access_token);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ aud: 'data_api', connector_id: 'ob-monzo', idp: 'local', amr: ['pwd'] });
    expect(claims).toMatchObject({
      scope: expect.arrayContaining(['accounts']),
      credentials_key: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Buffer.from(claims.sub ?? '', 'base64')).toHaveLength(32);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
  });
});

describe('a refresh', () => {
  it('rotates the refresh token and ends the old pair', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const renewed = await linked.refresh();
    expect(renewed.status).toBe(200);
    expect(renewed.json.refresh_token).not.toBe(linked.refresh_token);
    expect(await linked.refresh()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(await linked.get('/me')).toMatchObject({ status: 401, json: { error: 'unauthorized' } });
  });

  it('keeps the refresh token when rotation is off, and may then leave it out', async () => {
    const client = await startForTest();
    await client.switches({ rotation: false });
    const linked = await client.connect();
    expect((await linked.refresh()).json.refresh_token).toBe(linked.refresh_token);
    await client.switches({ bare_refresh_answer: true });
    const bare = await linked.refresh();
    expect(Object.keys(bare.json).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
  });

  it('works within thirty days of the last one and not after', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await client.advance(29 * DAY);
    const renewed = await linked.refresh();
    await client.advance(31 * DAY);
    const late = await client.token({ grant_type: 'refresh_token', refresh_token: String(renewed.json.refresh_token) });
    expect(late).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it.each([
    ['ob-monzo', 90],
    ['ob-aib', 180],
  ])('at %s ends with the consent after %d days', async (provider_id, days) => {
    const client = await startForTest();
    await client.switches({ refresh_window_days: 400 });
    const linked = await client.connect({ provider_id });
    await client.advance((days - 1) * DAY);
    const last = await linked.refresh();
    expect(last.status).toBe(200);
    await client.advance(DAY);
    const dead = await client.token({ grant_type: 'refresh_token', refresh_token: String(last.json.refresh_token) });
    expect(dead).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('makes access tokens that last as long as the switch says', async () => {
    const client = await startForTest();
    await client.switches({ access_token_seconds: 60 });
    const linked = await client.connect();
    expect(linked.expires_in).toBe(60);
    await client.advance(61_000);
    expect(await linked.get('/me')).toMatchObject({ status: 401, json: { error: 'invalid_token' } });
  });
});

it('tells a good secret from a bad one by client credentials, whose token opens no data', async () => {
  const client = await startForTest();
  const { json, status } = await client.token({ grant_type: 'client_credentials', scope: 'data' });
  expect(status).toBe(200);
  const headers = { Authorization: `Bearer ${String(json.access_token)}` };
  expect(await client.call('GET', '/data/v1/me', { headers })).toMatchObject({ status: 401 });
  expect(await client.token({ grant_type: 'client_credentials', client_secret: 'x' })).toMatchObject({ status: 400 });
  expect(await client.token({ grant_type: 'password' })).toMatchObject({ json: { error: 'invalid_request' } });
});
