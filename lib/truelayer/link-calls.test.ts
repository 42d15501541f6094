import { expect, test } from 'vitest';
import { clientOf, sendJson, startServer } from './test-server.ts';

const trip = { redirectUri: 'https://app.example/connect/callback', state: 's-1', codeChallenge: 'ch' };
const direct = { ...trip, clientId: 'id', bankId: 'mock', permissions: ['info', 'accounts'], consentId: 'c0ns3nt' };
const extension = {
  ...trip,
  clientId: 'id',
  clientSecret: 'secret',
  refreshToken: 'R1',
  user: { id: 'u1', name: 'Jo Doe', email: 'jo@example.com' },
  userHasReconfirmedConsent: true,
} as const;
const bankLink = 'https://bank.example/authorize?x=1';

async function answering(body: unknown, status = 200) {
  const server = await startServer((_, response) => sendJson(response, status, body));
  const sent = () => JSON.parse(server.seen[0]?.body ?? 'null');
  return { client: clientOf(server.origin), server, sent };
}

test('asks for a link straight to the bank, with nothing that the schema does not know', async () => {
  const { client, server, sent } = await answering({ result: bankLink, success: true });
  const user = { name: 'Jo Doe', email: 'jo@example.com' };
  await expect(
    client.createDirectAuthLink({
      ...direct,
      user,
      dataUseDescription: 'To see it all',
      authInputs: { 'branch-name': 'n' },
      trackingId: 't-1',
      responseMode: 'form_post',
    }),
  ).resolves.toEqual({ url: bankLink });
  expect(server.seen[0]).toMatchObject({
    method: 'POST',
    path: '/v1/authuri',
    headers: { 'content-type': 'application/json' },
  });
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
  expect(sent()).toEqual({
    response_type: 'code',
    client_id: 'id',
    redirect_uri: trip.redirectUri,
    scope: 'info accounts',
    consent_id: 'c0ns3nt',
    provider_id: 'mock',
    state: 's-1',
    user,
    data_use_description: 'To see it all',
    code_challenge: 'ch',
    code_challenge_method: 'S256',
    response_mode: 'form_post',
    auth_inputs: [{ 'branch-name': 'n' }],
    tracking_id: 't-1',
  });
});

test('leaves out of the link’s request what was not given', async () => {
  const { client, sent } = await answering({ result: bankLink, success: true });
  await client.createDirectAuthLink({ ...direct, codeChallenge: undefined });
  expect(Object.keys(sent()).sort()).toEqual([
    'client_id',
    'consent_id',
    'provider_id',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
  ]);
});

test('asks for a link to sign in again with the refresh token and without the client’s keys', async () => {
  const { client, server, sent } = await answering({ result: bankLink, success: true });
  await expect(client.createReauthLink({ ...trip, refreshToken: 'R1' })).resolves.toEqual({ url: bankLink });
  expect(server.seen[0]?.path).toBe('/v1/reauthuri');
  expect(sent()).toEqual({
    response_type: 'code',
    refresh_token: 'R1',
    redirect_uri: trip.redirectUri,
    state: 's-1',
    code_challenge: 'ch',
    code_challenge_method: 'S256',
  });
});

test.each([
  { result: bankLink, success: false },
  { result: bankLink },
  { success: true },
  { success: true, result: 'javascript:alert(1)' },
  { success: true, result: 'http://bank.example/authorize' },
  { success: true, result: '/relative' },
])('gives nobody a link out of %j', async (body) => {
  const { client } = await answering(body);
  await expect(client.createReauthLink({ ...trip, refreshToken: 'R1' })).rejects.toMatchObject({
    code: 'unexpected_shape',
  });
});

test('a link over plain http passes only from a stand-in on this machine to this machine', async () => {
  const { client } = await answering({ success: true, result: 'http://127.0.0.1:3001/login?x=1' });
  await expect(client.createReauthLink({ ...trip, refreshToken: 'R1' })).resolves.toEqual({
    url: 'http://127.0.0.1:3001/login?x=1',
  });
  const body = JSON.stringify({ success: true, result: 'http://127.0.0.1:3001/' });
  const live = clientOf('https://auth.truelayer.com', { fetch: async () => new Response(body) });
  await expect(live.createReauthLink({ ...trip, refreshToken: 'R1' })).rejects.toMatchObject({
    code: 'unexpected_shape',
  });
});

test('extends at the root of the API host, as JSON, without a bearer', async () => {
  const { client, server, sent } = await answering({
    action_needed: 'no_action_needed',
    access_token: 'a2',
    refresh_token: 'R2',
    expires_in: 3600,
    token_type: 'Bearer',
  });
  await expect(client.extendConnection(extension)).resolves.toEqual({
    action: 'none',
    tokens: { accessToken: 'a2', refreshToken: 'R2', expiresInSeconds: 3600, permissions: null },
  });
  expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/connections/extend' });
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
  expect(sent()).toEqual({
    user_has_reconfirmed_consent: true,
    client_id: 'id',
    client_secret: 'secret',
    user: extension.user,
    refresh_token: 'R1',
    redirect_uri: trip.redirectUri,
    state: 's-1',
    code_challenge: 'ch',
  });
});

test.each([
  ['authentication_needed', 'authenticate'],
  ['reconfirmation_of_consent_needed', 'reconfirm'],
])('an extension that answers %s says where to send the person', async (action_needed, action) => {
  const { client } = await answering({ action_needed, user_input_link: bankLink });
  await expect(client.extendConnection(extension)).resolves.toEqual({ action, url: bankLink });
});

test.each([
  {},
  { action_needed: 'something_new', user_input_link: bankLink },
  { action_needed: 'authentication_needed' },
  { action_needed: 'no_action_needed' },
])('an extension answered with %j is a failure', async (body) => {
  const { client } = await answering(body);
  await expect(client.extendConnection(extension)).rejects.toMatchObject({
    code: 'unexpected_shape',
    kind: 'unknown',
    endpoint: 'connection_extend',
  });
});
