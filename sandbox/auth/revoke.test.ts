import { describe, expect, it } from 'vitest';
import { DAY, type Linked, startForTest, type TestClient } from '#sandbox/test-client';

const bearer = (linked: Linked) => ({ headers: { Authorization: `Bearer ${linked.access_token}` } });
const revoke = (client: TestClient, linked: Linked) => client.call('DELETE', '/api/delete', bearer(linked));

async function endAtBank(client: TestClient, linked: Linked, change: Record<string, unknown>): Promise<void> {
  const id = encodeURIComponent(String((await linked.get('/me')).results[0]?.credentials_id));
  expect((await client.call('POST', `/control/connections/${id}`, { json: change })).status).toBe(204);
}

describe('the end of a connection', () => {
  it('by the client answers 200 with nothing, and closes tokens and data', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    expect(await revoke(client, linked)).toMatchObject({ status: 200, text: '' });
    expect(await linked.refresh()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(await linked.get('/accounts')).toMatchObject({ status: 401, json: { error: 'unauthorized' } });
    expect(await linked.get('/me')).toMatchObject({ status: 401 });
    expect(await revoke(client, linked)).toMatchObject({ status: 401 });
  });

  it('by the client may take a while to show in /me', async () => {
    const client = await startForTest();
    await client.switches({ me_authorised_after_delete_ms: 60_000 });
    const linked = await client.connect();
    await revoke(client, linked);
    expect((await linked.get('/me')).results[0]).toMatchObject({ consent_status: 'Authorised' });
    await client.advance(60_001);
    expect((await linked.get('/me')).status).toBe(401);
  });

  it('at the bank shows as access_denied and a dead refresh token', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await endAtBank(client, linked, { revoke: true });
    expect(await linked.get('/accounts')).toMatchObject({ status: 403, json: { error: 'access_denied' } });
    expect(await linked.refresh()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('by age shows as access_denied, even with a young access token', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    await endAtBank(client, linked, { expire: true });
    expect(await linked.get('/accounts')).toMatchObject({ status: 403, json: { error: 'access_denied' } });
  });

  it('cannot be reached without a live token', async () => {
    const client = await startForTest();
    expect(await client.call('DELETE', '/api/delete')).toMatchObject({ status: 401 });
    const linked = await client.connect();
    await client.advance(DAY);
    expect(await revoke(client, linked)).toMatchObject({ status: 401 });
  });

  it('also ends what a debug id can be had for', async () => {
    const client = await startForTest();
    const linked = await client.connect();
    const json = { access_token: linked.access_token };
    const debug = await client.call('POST', '/api/debug', { json });
    expect(debug).toMatchObject({ status: 200, json: { provider_id: 'ob-monzo' } });
    expect(debug.json.debug_id).toMatch(/^ob-monzo\|/);
    await revoke(client, linked);
    expect(await client.call('POST', '/api/debug', { json })).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_details: { reason: 'Consent expired or revoked' } },
    });
  });
});
