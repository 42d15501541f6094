import { describe, expect, it } from 'vitest';
import { type Answer, DAY, startForTest } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

const idsOf = ({ text }: Answer): string[] =>
  JSON.parse(text).map((entry: { provider_id: string }) => entry.provider_id);

describe('the list of banks', () => {
  it('is a bare array of the recorded banks, with a logo drawn here', async () => {
    const client = await startForTest();
    const answer = await client.call('GET', '/api/providers');
    const entries = JSON.parse(answer.text);
    expect(entries).toHaveLength(64);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    const monzo = entries.find((entry: { provider_id: string }) => entry.provider_id === 'ob-monzo');
    expect(monzo).toMatchObject({
      display_name: 'Monzo',
      country: 'uk',
      scopes: expect.arrayContaining(['offline_access']),
    });
    const logo = await client.call('GET', monzo.logo_url);
    expect(logo.headers.get('Content-Type')).toContain('image/svg+xml');
    expect(logo.text).toMatch(/^<svg .*<\/svg>$/);
  });

  it('can be narrowed by client, by all of some scopes and by country', async () => {
    const client = await startForTest();
    const list = async (query: string) => idsOf(await client.call('GET', `/api/providers?${query}`));
    expect(await list('clientId=somebody')).toEqual([]);
    expect(await list(`clientid=${client.clientId}&country=ie`)).toHaveLength(7);
    expect(await list('scopes=accounts+cards')).not.toContain('ob-amex');
    expect(await list('scopes=cards&country=uk%20ie')).toContain('ob-amex');
  });

  it('can be long, have a malformed entry, and fail', async () => {
    const client = await startForTest();
    await client.switches({ extra_banks: 936, malformed_provider: true });
    const { text } = await client.call('GET', '/api/providers');
    expect(JSON.parse(text)).toHaveLength(1001);
    expect(new Set(idsOf(await client.call('GET', '/api/providers'))).size).toBe(1001);
    await client.switches({ providers_fail: true });
    expect(await client.call('GET', '/api/providers')).toMatchObject({
      status: 500,
      json: { error: 'internal_server_error' },
    });
  });

  it('can be signed in to at each of the invented banks, too', async () => {
    const client = await startForTest();
    await client.switches({ extra_banks: 1 });
    const linked = await client.connect({ provider_id: 'ob-alderbrook-bank' });
    expect((await linked.get('/accounts')).status).toBe(200);
  });
});

describe('the status of banks', () => {
  it('covers the last 24 hours and can be set for a bank', async () => {
    const client = await startForTest();
    await client.switches({ status: { 'ob-monzo': { availability: 41.5 }, 'ob-tsb': { availability: null } } });
    const { results } = await client.call('GET', '/api/v1/data/status?providers=ob-monzo,ob-tsb&endpoints=accounts');
    expect(results).toHaveLength(24);
    expect(results[0]?.providers).toMatchObject([
      { provider_id: 'ob-monzo', availability: 41.5, endpoints: [{ endpoint: 'accounts' }] },
      { provider_id: 'ob-tsb', provider_error: expect.any(Number) },
    ]);
    expect(results[0]?.providers).not.toMatchObject([{}, { availability: expect.anything() }]);
  });
});

describe('tracked events', () => {
  it('tell how far somebody got, to holders of a token', async () => {
    const client = await startForTest();
    const link = client.link({ tracking_id: 't1', consent_id: null, provider_id: null });
    const linked = await client.exchange((await visitAuthLink(link)).fields.code ?? '');
    const headers = { Authorization: `Bearer ${linked.access_token}` };
    const { results } = await client.call('GET', '/v1/tracked-events?tracking_id=t1', { headers });
    expect(results.map(({ name }) => name)).toEqual([
      'dialog_started',
      'provider_selected',
      'consent_granted',
      'provider_auth_started',
      'provider_authorized',
      'code_exchanged',
    ]);
    expect(results[5]).toMatchObject({ provider_id: 'mock', credentials_id: expect.any(String), reauth: false });
    expect(await client.call('GET', '/v1/tracked-events?tracking_id=t1')).toMatchObject({ status: 401, text: '{}' });
    expect(await client.call('GET', '/v1/tracked-events', { headers })).toMatchObject({ status: 400 });
    await client.advance(61 * DAY);
    expect(await client.call('GET', '/v1/tracked-events?tracking_id=t1', { headers })).toMatchObject({ status: 404 });
  });
});
