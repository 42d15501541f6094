import { describe, expect, it } from 'vitest';
import { DAY, dayAgo, firstIdOf, type Linked, REDIRECT_URI, startForTest, type TestClient } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

const ask = (client: TestClient, refresh_token: string, more: Record<string, unknown> = {}) =>
  client.call('POST', '/v1/reauthuri', {
    json: { response_type: 'code', refresh_token, redirect_uri: REDIRECT_URI, state: 's2', ...more },
  });

async function reauthenticate(client: TestClient, linked: Linked, visit = {}): Promise<Linked> {
  const { json } = await ask(client, linked.refresh_token);
  return client.exchange((await visitAuthLink(String(json.result), visit)).fields.code ?? '');
}

const identityOf = async (linked: Linked) => (await linked.get('/me')).results[0]?.credentials_id;

describe('re-authentication', () => {
  it('keeps the connection, renews its consent and reopens older rows', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const before = (await linked.get('/me')).results[0];
    await client.advance(20 * DAY);
    const renewed = await reauthenticate(client, linked);
    const after = (await renewed.get('/me')).results[0];
    expect(after?.credentials_id).toBe(before?.credentials_id);
    const gained = Date.parse(String(after?.consent_expires_at)) - Date.parse(String(before?.consent_expires_at));
    expect(Math.round(gained / DAY)).toBe(20);
    const id = await firstIdOf(renewed);
    expect((await renewed.get(`/accounts/${id}/transactions?from=${dayAgo(300)}&to=${dayAgo(0)}`)).status).toBe(200);
  });

  it('renews nothing before the code is exchanged', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const before = (await linked.get('/me')).results[0]?.consent_expires_at;
    await client.advance(60_000);
    const { json } = await ask(client, linked.refresh_token);
    await visitAuthLink(String(json.result));
    expect((await linked.get('/me')).results[0]?.consent_expires_at).toBe(before);
  });

  it.each([
    [170, 200],
    [181, 401],
  ])('%d days after linking answers %d', async (days, status) => {
    const client = await startForTest();
    const linked = await client.connect();
    await client.advance(days * DAY);
    expect(await ask(client, linked.refresh_token)).toMatchObject({ status });
  });

  it('tells its three refusals apart', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const spent = linked.refresh_token;
    const { refresh_token } = (await linked.refresh()).json;
    expect(await ask(client, spent)).toMatchObject({
      status: 401,
      json: { error: 'invalid_request', error_details: { reason: 'Invalid refresh_token' } },
    });
    const elsewhere = await ask(client, String(refresh_token), { redirect_uri: 'http://localhost:1/' });
    expect(elsewhere).toMatchObject({ status: 401, json: { error: 'unauthorized_client' } });
    await client.advance(200 * DAY);
    expect(await ask(client, String(refresh_token))).toMatchObject({
      status: 401,
      json: { error: 'unauthorized', error_details: { reason: 'Invalid token' } },
    });
  });

  it('gives another identity to somebody else who signs in, and to anybody by the switch', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const identity = await identityOf(linked);
    const other = await reauthenticate(client, linked, { username: 'john2', password: 'doe2' });
    expect(await identityOf(other)).not.toBe(identity);
    expect(await identityOf(linked)).toBe(identity);
    await client.switches({ reauth_identity: 'other' });
    expect(await identityOf(await reauthenticate(client, linked))).not.toBe(identity);
  });

  it('brings back a connection that the person had ended at the bank, and none that was deleted', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const id = encodeURIComponent(String(await identityOf(linked)));
    await client.call('POST', `/control/connections/${id}`, { json: { revoke: true } });
    const renewed = await reauthenticate(client, linked);
    expect((await renewed.get('/accounts')).status).toBe(200);
    await client.call('DELETE', '/api/delete', { headers: { Authorization: `Bearer ${renewed.access_token}` } });
    expect(await ask(client, renewed.refresh_token)).toMatchObject({ status: 401, json: { error: 'unauthorized' } });
  });

  it('brings new account ids at a bank that hands them out', async () => {
    const client = await startForTest();
    await client.switches({ banks: { 'ob-tsb': { renews_account_ids: true } } });
    for (const [provider_id, isSame] of [
      ['ob-barclays', true],
      ['ob-tsb', false],
    ] as const) {
      const linked = await client.connect({ provider_id });
      const before = await firstIdOf(linked);
      const renewed = await reauthenticate(client, linked);
      expect((await firstIdOf(renewed)) === before).toBe(isSame);
      expect((await renewed.get(`/accounts/${before}`)).json.error).toBe(isSame ? undefined : 'account_not_found');
    }
  });
});
