import { expect, onTestFinished, test } from 'vitest';
import { type StandIn, startStandIn } from '#sandbox/start';
import { buildAuthLink } from './auth-link.ts';
import type { DataCall } from './call.ts';
import { readCallback } from './callback.ts';
import { createTrueLayerClient, type TrueLayerClient } from './client.ts';
import { createPkcePair } from './pkce.ts';
import { toPsuIp } from './psu-ip.ts';
import { startServer } from './test-server.ts';
import { readWebhookHint } from './webhook.ts';

const redirectUri = 'http://localhost:3000/connect/callback';
const everything = [
  'info',
  'accounts',
  'cards',
  'balance',
  'transactions',
  'direct_debits',
  'standing_orders',
  'offline_access',
];
const anAddress = toPsuIp('81.2.69.160', { allowPrivate: false }) ?? undefined;

type Login = { username: string; password: string };

type Setting = { standIn: StandIn; client: TrueLayerClient; keys: { clientId: string; clientSecret: string } };

async function setUp(): Promise<Setting> {
  const standIn = await startStandIn({ redirectUris: [redirectUri], directLinks: 'all' });
  onTestFinished(() => standIn.close());
  const { url, clientId, clientSecret } = standIn;
  const client = createTrueLayerClient({ authUrl: url, apiUrl: url, statusUrl: url });
  return { standIn, client, keys: { clientId, clientSecret } };
}

/** Does what a person does in a browser: follows, fills in, presses the first button, until it leads back to the app. */
async function travel(link: string, login: Login): Promise<URLSearchParams> {
  let request = new Request(link, { redirect: 'manual' });
  for (let step = 0; step < 12; step++) {
    const response = await fetch(request);
    const location = response.headers.get('location');
    if (location?.startsWith(redirectUri)) return new URL(location).searchParams;
    if (location) request = new Request(new URL(location, request.url), { redirect: 'manual' });
    else request = submitted(await response.text(), request.url, login);
  }
  throw new Error('the journey does not end');
}

function submitted(page: string, address: string, login: Login): Request {
  const form = [...page.matchAll(/<form method="post" action="([^"]+)"[^>]*>(.*?)<\/form>/gs)].find(
    ([, action]) => !action?.endsWith('/cancel'),
  );
  if (!form?.[1]) throw new Error(`no form on ${new URL(address).pathname}`);
  const fields = new URLSearchParams();
  for (const [tag] of (form[2] ?? '').matchAll(/<input [^>]*>|<button [^>]*>/g)) {
    const [, name] = / name="([^"]+)"/.exec(tag) ?? [];
    const [, value = ''] = / value="([^"]*)"/.exec(tag) ?? [];
    if (name === 'username' || name === 'password') fields.set(name, login[name]);
    else if (name) fields.append(name, value);
  }
  return new Request(new URL(form[1], address), { method: 'POST', body: fields, redirect: 'manual' });
}

async function connect({ client, keys }: Setting, login: Login, bankId = 'mock') {
  const { verifier, challenge } = createPkcePair();
  const { url } = await client.createDirectAuthLink({
    clientId: keys.clientId,
    redirectUri,
    bankId,
    permissions: everything,
    consentId: 'c0ns3nt',
    state: 'state-1',
    codeChallenge: challenge,
    user: { name: 'Jo Doe', email: 'jo@example.com' },
  });
  return { ...(await arrive({ client, keys }, url, login, verifier)), verifier };
}

async function arrive({ client, keys }: Omit<Setting, 'standIn'>, url: string, login: Login, codeVerifier: string) {
  const answer = readCallback(await travel(url, login));
  if (answer.kind !== 'code') throw new Error(`came back with ${answer.kind}`);
  const tokens = await client.exchangeCode({ ...keys, code: answer.code, redirectUri, codeVerifier });
  return { answer, tokens, call: { accessToken: tokens.accessToken, presentPersonIp: anAddress } satisfies DataCall };
}

const isoDay = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
const lastQuarter = { from: isoDay(89), to: isoDay(0) };

test('a person is led to the bank and back, and everything that they share can be read', async () => {
  const setting = await setUp();
  const { client } = setting;
  const { answer, tokens, call } = await connect(setting, { username: 'john', password: 'doe' }, 'ob-monzo');
  expect(answer).toMatchObject({
    state: 'state-1',
    permissions: expect.arrayContaining(['accounts', 'offline_access']),
  });
  expect(tokens).toMatchObject({ refreshToken: expect.any(String), expiresInSeconds: 3600 });

  const me = await client.getMe(call);
  expect(me.items[0]).toMatchObject({
    bank: { bankId: 'ob-monzo' },
    consentStatus: 'Authorised',
    consentExpiresAt: expect.any(Date),
  });
  expect(me.meta).toMatchObject({ trueLayerCorrelationId: expect.stringMatching(/^[\w-]+$/), attended: true });
  const info = await client.getInfo(call);
  expect(info.items[0]?.fullName).toEqual(expect.any(String));

  const accounts = await client.listAccounts(call);
  const cards = await client.listCards(call);
  if (accounts.state !== 'final' || cards.state !== 'final') throw new Error('not final');
  const owned = [
    ...accounts.items.map((item) => ['account', item.accountId] as const),
    ...cards.items.map((item) => ['card', item.accountId] as const),
  ];
  expect(owned.length).toBeGreaterThan(1);
  let rowCount = 0;
  for (const [kind, id] of owned) {
    expect(await client.getBalance(call, { kind, id })).toMatchObject({
      state: 'final',
      items: [{ kind, current: expect.stringMatching(/^-?\d+(\.\d+)?$/) }],
      setAside: [],
    });
    expect(await client.getPendingTransactions(call, { kind, id })).toMatchObject({ state: 'final', setAside: [] });
    const booked = await client.getTransactions(call, { kind, id, ...lastQuarter });
    if (booked.state !== 'final') throw new Error('not final');
    for (const batch of booked.rows) {
      expect(batch.setAside).toEqual([]);
      rowCount += batch.items.length;
    }
  }
  expect(rowCount).toBeGreaterThan(20);
  const [current] = accounts.items;
  const id = current?.accountId ?? '';
  expect(await client.getDirectDebits(call, { id })).toMatchObject({ state: 'final', setAside: [] });
  expect(await client.getStandingOrders(call, { id })).toMatchObject({ state: 'final', setAside: [] });
});

test('TrueLayer’s own screens lead back too', async () => {
  const setting = await setUp();
  const { verifier, challenge } = createPkcePair();
  const link = buildAuthLink(setting.standIn.url, {
    clientId: setting.keys.clientId,
    redirectUri,
    permissions: ['info', 'accounts', 'offline_access'],
    providers: ['uk-cs-mock'],
    state: 'state with / and +',
    codeChallenge: challenge,
  });
  const { answer, tokens } = await arrive(setting, link.href, { username: 'john', password: 'doe' }, verifier);
  expect(answer.state).toBe('state with / and +');
  expect(tokens.permissions).toEqual(expect.arrayContaining(['info', 'accounts']));
});

test('what is asked asynchronously is fetched when the webhook says so', async () => {
  const setting = await setUp();
  const { client } = setting;
  const { call } = await connect(setting, { username: 'john', password: 'doe' });
  let arrived: (body: string) => void;
  const webhook = new Promise<string>((resolve) => {
    arrived = resolve;
  });
  const ours = await startServer((request, response) => {
    response.end();
    arrived(request.body);
  });
  const asynchronous = { webhookUri: `${ours.origin}/hook?key=k-1` };
  const queued = await client.listAccounts({ ...call, asynchronous });
  if (queued.state !== 'queued') throw new Error('not queued');
  const hint = readWebhookHint(await webhook);
  expect(hint).toEqual({ taskId: queued.task.taskId, status: 'succeeded' });
  expect(ours.seen[0]?.query.get('key')).toBe('k-1');
  const result = await client.fetchResults(call, { resultsUri: queued.task.resultsUri, endpoint: 'accounts' });
  if (result.state !== 'final') throw new Error('not final');
  expect(result.items.length).toBeGreaterThan(0);
});

test('tokens are refreshed, and the old ones die of it', async () => {
  const setting = await setUp();
  const { client, keys } = setting;
  const { tokens } = await connect(setting, { username: 'john', password: 'doe' });
  const refreshToken = tokens.refreshToken ?? '';
  const fresh = await client.refreshTokens({ ...keys, refreshToken });
  expect(fresh.refreshToken).not.toBe(refreshToken);
  await expect(client.getMe({ accessToken: fresh.accessToken })).resolves.toMatchObject({ state: 'final' });
  await expect(client.refreshTokens({ ...keys, refreshToken })).rejects.toMatchObject({
    code: 'invalid_grant',
    kind: 'reconnect',
  });
  await expect(client.listAccounts({ accessToken: tokens.accessToken })).rejects.toMatchObject({
    kind: 'token_expired',
  });
});

test('an extension needs nothing of one person, and sends another to the bank', async () => {
  const setting = await setUp();
  const { client, keys } = setting;
  const { verifier, challenge } = createPkcePair();
  const extend = (refreshToken: string | null) =>
    client.extendConnection({
      ...keys,
      refreshToken: refreshToken ?? '',
      redirectUri,
      state: 'state-2',
      codeChallenge: challenge,
      user: { name: 'Jo Doe', email: 'jo@example.com' },
      userHasReconfirmedConsent: true,
    });

  const eternal = await connect(setting, { username: 'john', password: 'eternal' });
  expect(await extend(eternal.tokens.refreshToken)).toMatchObject({
    action: 'none',
    tokens: { refreshToken: expect.any(String) },
  });
  await expect(extend(eternal.tokens.refreshToken)).rejects.toMatchObject({
    code: 'extend_unauthorized',
    kind: 'reconnect',
    debug: { traceId: expect.any(String) },
  });

  const login = { username: 'john', password: 'doe' };
  const doe = await connect(setting, login);
  const before = await client.getMe(doe.call);
  const extended = await extend(doe.tokens.refreshToken);
  if (extended.action !== 'authenticate') throw new Error(`answered ${extended.action}`);
  const { call } = await arrive(setting, extended.url, login, verifier);
  const after = await client.getMe(call);
  expect(after.items[0].credentialsId).toBe(before.items[0].credentialsId);
});

test('a re-authentication keeps the connection', async () => {
  const setting = await setUp();
  const { client } = setting;
  const login = { username: 'john', password: 'doe' };
  const { tokens, call } = await connect(setting, login);
  const before = await client.getMe(call);
  const { verifier, challenge } = createPkcePair();
  const { url } = await client.createReauthLink({
    refreshToken: tokens.refreshToken ?? '',
    redirectUri,
    state: 'state-3',
    codeChallenge: challenge,
  });
  const again = await arrive(setting, url, login, verifier);
  expect(again.answer.state).toBe('state-3');
  const after = await client.getMe(again.call);
  expect(after.items[0].credentialsId).toBe(before.items[0].credentialsId);
  await expect(
    client.createReauthLink({ refreshToken: 'NOT-A-TOKEN-AT-ALL', redirectUri, state: 's' }),
  ).rejects.toMatchObject({ kind: 'reconnect' });
});

test('a revoked connection is dead, and a refresh proves it', async () => {
  const setting = await setUp();
  const { client, keys } = setting;
  const { tokens, call } = await connect(setting, { username: 'john', password: 'doe' });
  expect(await client.createDebugId(call)).toMatchObject({ debugId: expect.stringMatching(/^mock\|/), bankId: 'mock' });
  await client.revoke(call);
  await expect(client.refreshTokens({ ...keys, refreshToken: tokens.refreshToken ?? '' })).rejects.toMatchObject({
    code: 'invalid_grant',
    kind: 'reconnect',
  });
  await expect(client.listAccounts(call)).rejects.toMatchObject({ httpStatus: 401, kind: 'token_expired' });
});

test('keys are told right from wrong', async () => {
  const { client, keys } = await setUp();
  await expect(client.verifyClient(keys)).resolves.toBe('ok');
  await expect(client.verifyClient({ ...keys, clientSecret: 'not the secret' })).resolves.toBe('invalid');
  await expect(client.verifyClient({ ...keys, clientId: 'sandbox-nobody-000000' })).resolves.toBe('invalid');
});

test('a code is good once, and only with its verifier', async () => {
  const setting = await setUp();
  const { client, keys } = setting;
  const { answer, verifier } = await connect(setting, { username: 'john', password: 'doe' });
  await expect(
    client.exchangeCode({ ...keys, code: answer.code, redirectUri, codeVerifier: verifier }),
  ).rejects.toMatchObject({ kind: 'reconnect' });
});

test.each([
  ['account_permanently_locked', 'person_at_bank'],
  ['account_temporarily_locked', 'person_at_bank'],
  ['user_input_required', 'person_at_bank'],
  ['wrong_credentials', 'person_at_bank'],
  ['internal_error', 'retry_later'],
  ['provider_error', 'bank_trouble'],
])('the mock user for %s connects, and then meets it', async (code, kind) => {
  const setting = await setUp();
  const { call } = await connect(setting, { username: `error.${code}`, password: 'error' });
  await expect(setting.client.listAccounts(call)).rejects.toMatchObject({ code, kind });
});

test('the fifth call of nobody present is refused for the day, and a present person’s is not', async () => {
  const setting = await setUp();
  const { client } = setting;
  const { call } = await connect(setting, { username: 'john', password: 'doe' }, 'ob-monzo');
  const accounts = await client.listAccounts(call);
  if (accounts.state !== 'final') throw new Error('not final');
  const account = { kind: 'account' as const, id: accounts.items[0]?.accountId ?? '' };
  const unattended: DataCall = { accessToken: call.accessToken };
  for (let days = 1; days <= 4; days++) {
    await client.getTransactions(unattended, { ...account, from: isoDay(days), to: isoDay(0) });
  }
  await expect(client.getBalance(unattended, account)).rejects.toMatchObject({
    code: 'provider_request_limit_exceeded',
    kind: 'bank_limit_daily',
    isRetryable: false,
  });
  await expect(client.getBalance(call, account)).resolves.toMatchObject({ state: 'final' });
});

test('a bank that does everything wrong loses no more than the rows that cannot be read', async () => {
  const setting = await setUp();
  const { client } = setting;
  const { call } = await connect(setting, { username: 'trap', password: 'trap' });
  const accounts = await client.listAccounts(call);
  if (accounts.state !== 'final') throw new Error('not final');
  const aside: string[] = [];
  let kept = 0;
  for (const { accountId } of accounts.items) {
    const booked = await client.getTransactions(call, { kind: 'account', id: accountId, ...lastQuarter });
    if (booked.state !== 'final') throw new Error('not final');
    for (const { items, setAside } of booked.rows) {
      kept += items.length;
      aside.push(...setAside.map(({ reason, path }) => `${path} ${reason}`));
    }
  }
  expect(kept).toBeGreaterThan(100);
  expect(new Set(aside)).toEqual(new Set(['amount missing']));
});

test('the list of banks and their health are read whole', async () => {
  const { client } = await setUp();
  const banks = await client.listBanks();
  expect(banks.setAside).toEqual([]);
  expect(banks.items.length).toBeGreaterThan(30);
  expect(banks.items.find(({ bankId }) => bankId === 'mock')).toMatchObject({ displayName: 'Mock', country: 'uk' });
  const health = await client.getStatus();
  expect(health.setAside).toEqual([]);
  expect(health.items.length).toBeGreaterThan(0);
});
