import { expect, test } from 'vitest';
import { clientOf, sendJson, startServer } from './test-server.ts';

const keys = { clientId: 'sandbox-budgetapp-b4c334', clientSecret: 'secret & more' };
const answer = {
  access_token: 'a.b.c',
  expires_in: 3600,
  token_type: 'Bearer',
  refresh_token: 'R2',
  scope: 'info accounts offline_access',
};

async function answering(body: unknown, status = 200) {
  const server = await startServer((_, response) => sendJson(response, status, body));
  return { client: clientOf(server.origin), server };
}

test('exchanges a code by a form, with the verifier and the very redirect address', async () => {
  const { client, server } = await answering(answer);
  const tokens = await client.exchangeCode({
    ...keys,
    code: 'c+1',
    redirectUri: 'https://app.example/connect/callback',
    codeVerifier: 'v',
  });
  expect(tokens).toEqual({
    accessToken: 'a.b.c',
    refreshToken: 'R2',
    expiresInSeconds: 3600,
    permissions: ['info', 'accounts', 'offline_access'],
  });
  const [request] = server.seen;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: 'authorization_code',
    client_id: keys.clientId,
    client_secret: keys.clientSecret,
    code: 'c+1',
    redirect_uri: 'https://app.example/connect/callback',
    code_verifier: 'v',
  });
});

test('refreshes with the refresh token, and asks for no scope', async () => {
  const { client, server } = await answering(answer);
  await client.refreshTokens({ ...keys, refreshToken: 'R1' });
  expect(Object.fromEntries(new URLSearchParams(server.seen[0]?.body))).toEqual({
    grant_type: 'refresh_token',
    client_id: keys.clientId,
    client_secret: keys.clientSecret,
    refresh_token: 'R1',
  });
});

test('an answer without a new refresh token or scope says so, so that the old one is kept', async () => {
  const { client } = await answering({ access_token: 'a', expires_in: '1800' });
  await expect(client.refreshTokens({ ...keys, refreshToken: 'R1' })).resolves.toEqual({
    accessToken: 'a',
    refreshToken: null,
    expiresInSeconds: 1800,
    permissions: null,
  });
});

test.each([
  [{ ...answer, scope: ['info', 'cards'] }, { permissions: ['info', 'cards'] }],
  [{ ...answer, expires_in: 3599.9 }, { expiresInSeconds: 3599 }],
  [{ ...answer, expires_in: null }, { expiresInSeconds: 3600 }],
  [{ ...answer, refresh_token: '' }, { refreshToken: null }],
  [{ ...answer, id_token: 'x', token_type: null }, { accessToken: 'a.b.c' }],
])('odd side fields of %j do not cost the tokens', async (body, expected) => {
  const { client } = await answering(body);
  await expect(client.refreshTokens({ ...keys, refreshToken: 'R1' })).resolves.toMatchObject(expected);
});

test.each([{}, { ...answer, access_token: '' }, { ...answer, access_token: 'two\nlines' }, [], null])(
  'an answer without a usable token fails: %j',
  async (body) => {
    const { client } = await answering(body);
    await expect(client.refreshTokens({ ...keys, refreshToken: 'R1' })).rejects.toMatchObject({
      code: 'unexpected_shape',
      kind: 'unknown',
      isRetryable: false,
    });
  },
);

test.each([
  [400, { error: 'invalid_grant' }, 'ok'],
  [200, answer, 'ok'],
  [400, { error: 'invalid_client' }, 'invalid'],
  [401, { error: 'unauthorized_client' }, 'invalid'],
])('keys are judged by what a refresh that cannot succeed is told: %i %j means %s', async (status, body, verdict) => {
  const { client, server } = await answering(body, status);
  await expect(client.verifyClient(keys)).resolves.toBe(verdict);
  const form = new URLSearchParams(server.seen[0]?.body);
  expect(form.get('grant_type')).toBe('refresh_token');
  expect(form.get('refresh_token')).toMatch(/^[0-9A-F]{64}$/);
});

test('keys are not called wrong when TrueLayer is in trouble', async () => {
  const { client, server } = await answering({ error: 'internal_server_error' }, 500);
  await expect(client.verifyClient(keys)).rejects.toMatchObject({ kind: 'retry_later' });
  expect(server.seen).toHaveLength(2);
});

test('deletes a connection by its token alone, and reads no body', async () => {
  const server = await startServer((_, response) => response.end());
  await expect(clientOf(server.origin).revoke({ accessToken: 'token-1' })).resolves.toBeUndefined();
  expect(server.seen).toMatchObject([
    { method: 'DELETE', path: '/api/delete', body: '', headers: { authorization: 'Bearer token-1' } },
  ]);
});

test('a deletion may be answered with 204', async () => {
  const server = await startServer((_, response) => response.writeHead(204).end());
  await expect(clientOf(server.origin).revoke({ accessToken: 't' })).resolves.toBeUndefined();
});

test('a debug id is asked for with the token in the body', async () => {
  const { client, server } = await answering({
    credentials_id: 'SSwF1Cg=',
    debug_id: 'ob-monzo|U1N3RjFD',
    provider_id: 'ob-monzo',
  });
  await expect(client.createDebugId({ accessToken: 'token-1' })).resolves.toEqual({
    debugId: 'ob-monzo|U1N3RjFD',
    credentialsId: 'SSwF1Cg=',
    bankId: 'ob-monzo',
  });
  expect(server.seen).toMatchObject([{ method: 'POST', path: '/api/debug', body: '{"access_token":"token-1"}' }]);
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
});

test('the list of banks is asked for without a token, narrowed only as wanted', async () => {
  const { client, server } = await answering([]);
  await client.listBanks();
  await client.listBanks({ clientId: 'id', permissions: ['accounts', 'balance'], country: 'uk' });
  expect(server.seen.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
    ['/api/providers', {}],
    ['/api/providers', { clientId: 'id', scopes: 'accounts balance', country: 'uk' }],
  ]);
});

test('the health of banks is asked for by range and bank', async () => {
  const { client, server } = await answering({ status: 'ok', results: [] });
  await expect(
    client.getStatus({
      from: new Date('2026-03-01T00:00:00Z'),
      to: new Date('2026-03-02T00:00:00Z'),
      bankIds: ['a', 'b'],
    }),
  ).resolves.toMatchObject({ items: [] });
  expect(server.seen[0]?.path).toBe('/api/v1/data/status');
  expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-02T00:00:00.000Z',
    providers: 'a,b',
  });
});
