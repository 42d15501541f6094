import { describe, expect, it } from 'vitest';
import { DAY, type Linked, REDIRECT_URI, startForTest, type TestClient } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

const ask = (
  client: TestClient,
  refresh_token: string,
  more: Record<string, unknown> = {},
  path = '/connections/extend',
) =>
  client.call('POST', path, {
    json: {
      user_has_reconfirmed_consent: true,
      client_id: client.clientId,
      client_secret: client.clientSecret,
      user: { name: 'John Doe', email: 'john@example.com' },
      refresh_token,
      redirect_uri: REDIRECT_URI,
      state: 's3',
      ...more,
    },
  });

const john = { username: 'john', password: 'doe' };
const eternal = { username: 'john', password: 'eternal' };
const expiryOf = async (linked: Pick<Linked, 'get'>) =>
  Date.parse(String((await linked.get('/me')).results[0]?.consent_expires_at));

describe('extending a connection', () => {
  it('sends john to the bank, and renews once his code is exchanged', async () => {
    const client = await startForTest();
    const linked = await client.connect({}, john);
    const before = await expiryOf(linked);
    await client.advance(DAY);
    const { status, json } = await ask(client, linked.refresh_token);
    expect({ status, action: json.action_needed }).toEqual({ status: 200, action: 'authentication_needed' });
    const { fields } = await visitAuthLink(String(json.user_input_link), john);
    expect(fields.state).toBe('s3');
    const renewed = await client.exchange(fields.code ?? '');
    expect(Math.round(((await expiryOf(renewed)) - before) / DAY)).toBe(1);
  });

  it('gives eternal john new tokens at once, without a scope, and ends the old ones', async () => {
    const client = await startForTest();
    const linked = await client.connect({}, eternal);
    await client.advance(3 * DAY);
    const { json } = await ask(client, linked.refresh_token);
    expect(Object.keys(json).sort()).toEqual([
      'access_token',
      'action_needed',
      'expires_in',
      'refresh_token',
      'token_type',
    ]);
    expect(await linked.refresh()).toMatchObject({ status: 400 });
    expect(await ask(client, linked.refresh_token)).toMatchObject({
      status: 401,
      json: { detail: 'Refresh token missing or invalid.' },
    });
  });

  it('can show the new end late', async () => {
    const client = await startForTest();
    await client.switches({ extend_shows_after_ms: 600_000 });
    const linked = await client.connect({}, eternal);
    const before = await expiryOf(linked);
    await client.advance(10 * DAY);
    const { json } = await ask(client, linked.refresh_token);
    const headers = { Authorization: `Bearer ${String(json.access_token)}` };
    const get = () => client.call('GET', '/data/v1/me', { headers });
    expect(Date.parse(String((await get()).results[0]?.consent_expires_at))).toBe(before);
    await client.advance(600_000);
    expect(Date.parse(String((await get()).results[0]?.consent_expires_at))).toBeGreaterThan(before + 9 * DAY);
  });

  it('can be renewed after the end, for ninety days', async () => {
    const client = await startForTest();
    const linked = await client.connect({}, eternal);
    await client.advance(100 * DAY);
    const renewed = await ask(client, linked.refresh_token);
    expect(renewed).toMatchObject({ status: 200, json: { action_needed: 'no_action_needed' } });
    await client.advance(181 * DAY);
    expect(await ask(client, String(renewed.json.refresh_token))).toMatchObject({ status: 422 });
  });

  it.each([
    ['without reconfirmation', { user_has_reconfirmed_consent: false }, 'UserHasReconfirmedConsent'],
    ['without a client id', { client_id: undefined }, 'ClientId'],
    ['with a nameless user', { user: { email: 'a@example.com' } }, 'User'],
    ['without a way to reach the user', { user: { name: 'A' } }, 'User'],
    ['with another redirect URI', { redirect_uri: 'http://localhost:1/' }, 'RedirectUri'],
  ])('is a problem %s', async (_, more, field) => {
    const client = await startForTest();
    const linked = await client.connect({}, eternal);
    const answer = await ask(client, linked.refresh_token, more);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer).toMatchObject({
      status: 400,
      json: { status: 400, instance: '/connections/extend', errors: { [field]: [expect.any(String)] } },
    });
  });

  it.each([
    [{ extend_refusal: 'not_enabled' }, { status: 400 }],
    [{ extend_refusal: 'not_extendable' }, { status: 422, json: { detail: 'This connection cannot be extended' } }],
    [
      { extend_answer: 'reconfirmation_of_consent_needed' },
      { json: { user_input_link: expect.stringContaining('/consent') } },
    ],
    [{ extend_answer: 'unknown' }, { status: 200, json: { action_needed: 'something_else_needed' } }],
  ])('answers as the switches %j say', async (switches, expected) => {
    const client = await startForTest();
    await client.switches(switches);
    const linked = await client.connect({}, eternal);
    expect(await ask(client, linked.refresh_token)).toMatchObject(expected);
  });

  it('is not offered outside the UK, nor below /data/v1', async () => {
    const client = await startForTest();
    const abroad = await client.connect({ provider_id: 'ob-aib' }, eternal);
    expect(await ask(client, abroad.refresh_token)).toMatchObject({ status: 422 });
    expect(await ask(client, abroad.refresh_token, {}, '/data/v1/connections/extend')).toMatchObject({ status: 404 });
  });
});
