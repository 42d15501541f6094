import { describe, expect, it } from 'vitest';
import { REDIRECT_URI, startForTest, type TestClient } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

const ask = (client: TestClient, more: Record<string, unknown> = {}) =>
  client.call('POST', '/v1/authuri', {
    json: {
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: REDIRECT_URI,
      scope: 'accounts balance offline_access',
      consent_id: 'consent1',
      provider_id: 'ob-barclays',
      state: 's1',
      ...more,
    },
  });

describe('direct bank authentication', () => {
  it.each(['mock', 'ob-barclays', 'ob-aib'])(
    'leads straight to the sign-in of %s, and back with a code',
    async (provider_id) => {
      const client = await startForTest();
      const { status, json } = await ask(client, { provider_id });
      expect({ status, success: json.success }).toEqual({ status: 200, success: true });
      expect(new URL(String(json.result)).pathname).toMatch(/^\/bank\/auth-.+\/login$/);
      const { fields } = await visitAuthLink(String(json.result));
      expect(fields).toMatchObject({ state: 's1', scope: 'accounts balance offline_access' });
      expect(await (await client.exchange(fields.code ?? '')).get('/accounts')).toMatchObject({ status: 200 });
    },
  );

  it('gives links that are good once', async () => {
    const client = await startForTest();
    const link = String((await ask(client)).json.result);
    await visitAuthLink(link);
    expect(await visitAuthLink(link)).toMatchObject({ status: 400, fields: {} });
  });

  it.each([
    ['an unknown client', { client_id: 'x' }, 'unauthorized_client'],
    ['another redirect URI', { redirect_uri: 'http://localhost:3000/' }, 'unauthorized'],
    ['no consent id', { consent_id: undefined }, 'invalid_request'],
    ['a field that is not in the schema', { language_id: 'en' }, 'invalid_request'],
    ['an unknown bank', { provider_id: 'ob-nowhere' }, 'invalid_request'],
    ['an unknown scope', { scope: 'everything' }, 'invalid_request'],
    ['a user without email and phone', { user: { name: 'A' } }, 'invalid_request'],
    ['a challenge without its method', { code_challenge: 'a'.repeat(43) }, 'invalid_request'],
    ['unanswered steps of the bank', { provider_id: 'stet-credit-agricole' }, 'invalid_request'],
  ])('refuses %s', async (_, more, error) => {
    const client = await startForTest();
    expect(await ask(client, more)).toMatchObject({ status: 401, json: { error } });
  });

  it.each([[[{ 'branch-name': 'stet-banque-chalus' }]], [{ 'branch-name': 'stet-banque-chalus' }]])(
    'takes the answers to a bank’s steps as %j',
    async (auth_inputs) => {
      const client = await startForTest();
      expect(await ask(client, { provider_id: 'stet-credit-agricole', auth_inputs })).toMatchObject({ status: 200 });
    },
  );
});
