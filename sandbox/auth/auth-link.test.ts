import { describe, expect, it } from 'vitest';
import { startForTest } from '#sandbox/test-client';
import { visitAuthLink } from '#sandbox/visitor';

describe('the auth link', () => {
  it.each([
    ['an unknown client', { client_id: 'somebody' }, 401],
    ['a redirect URI that differs by a slash', { redirect_uri: 'http://localhost:3000/connect/callback/' }, 401],
    ['another response type', { response_type: 'token' }, 400],
    ['no scope', { scope: null }, 400],
    ['a scope that does not exist', { scope: 'accounts everything' }, 400],
    ['a bank that does not exist', { providers: 'ob-nowhere' }, 400],
    ['a bank outside the providers', { providers: 'uk-cs-mock', provider_id: 'ob-monzo' }, 400],
    ['a plain code challenge', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 400],
    ['an unknown response mode', { response_mode: 'fragment' }, 400],
  ])('ends %s on a page of its own', async (_, query, status) => {
    const client = await startForTest();
    const visit = await visitAuthLink(client.link(query));
    expect(visit).toMatchObject({ status, fields: {}, method: null });
    expect(visit.html).toContain('<h1>');
  });

  it.each([
    ['uk-ob-all', 'ob-monzo'],
    ['ob-monzo', 'ob-monzo'],
    ['uk-ob-monzo', 'ob-monzo'],
    ['uk-oauth-all uk-cs-mock', 'mock'],
    ['ie-ob-all', 'ob-aib'],
  ])('reads %s as allowing %s', async (providers, provider_id) => {
    const client = await startForTest();
    const { fields } = await visitAuthLink(client.link({ providers, provider_id }));
    expect(fields.code).toBeDefined();
  });

  it('lists only the banks of the providers, and finds one by name', async () => {
    const client = await startForTest();
    const start = await client.call('GET', client.link({ provider_id: null, providers: 'uk-ob-all' }));
    const at = start.headers.get('Location') ?? '';
    const all = await client.call('GET', at);
    expect(all.text).toContain('Monzo');
    expect(all.text).not.toContain('value="mock"');
    expect((await client.call('GET', `${at}?q=natw`)).text.match(/name="provider_id"/g)).toHaveLength(2);
  });

  it('goes through bank, permission, sign-in and accounts, and gives back code, scope and state', async () => {
    const client = await startForTest();
    const link = client.link({ provider_id: null, consent_id: null, state: 'a b&c=d/é' });
    const visit = await visitAuthLink(link, { providerId: 'ob-barclays' });
    expect(visit.url.href).toContain('http://localhost:3000/connect/callback?');
    expect(visit.fields).toMatchObject({ state: 'a b&c=d/é', scope: expect.stringContaining('offline_access') });
  });

  it('asks which branch, where a bank wants to know', async () => {
    const client = await startForTest();
    const linked = await client.connect({ provider_id: 'stet-credit-agricole', scope: 'info accounts' });
    expect((await linked.get('/info')).results[0]).toMatchObject({ branch_id: 'stet-banque-chalus' });
  });

  it.each(['banks', 'consent', 'login', 'accounts'] as const)(
    'gives access_denied and the state when cancelled at %s',
    async (cancelAt) => {
      const client = await startForTest();
      const link = client.link({ provider_id: null, consent_id: null, state: 's1' });
      const { fields } = await visitAuthLink(link, { cancelAt });
      expect(fields).toEqual({ error: 'access_denied', error_description: expect.any(String), state: 's1' });
    },
  );

  it('is good for one journey, and for none after it was cancelled', async () => {
    const client = await startForTest();
    for (const options of [{}, { cancelAt: 'login' as const }]) {
      const link = client.link();
      await visitAuthLink(link, options);
      expect(await visitAuthLink(link)).toMatchObject({ status: 400, fields: {} });
    }
  });

  it('lets only one of two windows on the same link finish', async () => {
    const client = await startForTest();
    const link = client.link();
    const second = (await client.call('GET', link)).headers.get('Location') ?? '';
    await visitAuthLink(link);
    const late = await client.call('POST', second, { form: { username: 'john', password: 'doe' } });
    expect(late.status).toBe(400);
  });

  it('may be opened again as long as it has not been finished', async () => {
    const client = await startForTest();
    const link = client.link();
    await client.call('GET', link);
    expect((await visitAuthLink(link)).fields.code).toBeDefined();
  });

  it('answers with a form when asked to, which has a button for want of scripts', async () => {
    const client = await startForTest();
    const visit = await visitAuthLink(client.link({ response_mode: 'form_post', state: '"><script>' }));
    expect(visit).toMatchObject({ method: 'POST', fields: { state: '"><script>', code: expect.any(String) } });
    expect(visit.html).toContain('<button class="primary" type="submit">Continue</button>');
  });

  it('asks again after a wrong password and shares nothing unless an account is ticked', async () => {
    const client = await startForTest();
    const wrong = await visitAuthLink(client.link(), { password: 'nope' });
    expect(wrong.html).toContain('role="alert"');
    const none = await visitAuthLink(client.link(), { accountKeys: [] });
    expect(none.html).toContain('Choose at least one account');
  });

  it('shares the chosen accounts and no others', async () => {
    const client = await startForTest();
    const linked = await client.connect({}, { accountKeys: ['savings-1'] });
    expect((await linked.get('/accounts')).results).toHaveLength(1);
    expect((await linked.get('/cards')).results).toHaveLength(0);
  });

  it('ends with provider_error when there is nothing to share', async () => {
    const client = await startForTest();
    const { fields } = await visitAuthLink(client.link(), { username: 'nothing', password: 'nothing' });
    expect(fields.error).toBe('provider_error');
  });

  it.each([
    [{ callback_error: 'temporarily_unavailable' }, { error: 'temporarily_unavailable' }],
    [
      { withheld_scopes: ['transactions'] },
      { scope: 'info accounts balance cards direct_debits standing_orders offline_access' },
    ],
  ])('comes back as the switches %j say', async (switches, expected) => {
    const client = await startForTest();
    await client.switches(switches);
    expect((await visitAuthLink(client.link())).fields).toMatchObject(expected);
  });

  it('can lose the state, the description and the query form', async () => {
    const client = await startForTest();
    await client.switches({ callback_state: 'lost', callback_description: false, callback_mode: 'form_post' });
    const visit = await visitAuthLink(client.link(), { cancelAt: 'login' });
    expect(visit).toMatchObject({ method: 'POST', fields: { error: 'access_denied' } });
    expect(Object.keys(visit.fields)).toEqual(['error']);
  });

  it('refuses to be framed on every page', async () => {
    const client = await startForTest();
    const page = await client.call('GET', (await client.call('GET', client.link())).headers.get('Location') ?? '');
    for (const { headers } of [page, await client.call('GET', client.link({ client_id: 'x' }))]) {
      expect(headers.get('X-Frame-Options')).toBe('deny');
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    }
  });
});
