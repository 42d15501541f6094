import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { CallGate, DataCall } from './call.ts';
import { clientOf, type SeenRequest, sendJson, startServer } from './test-server.ts';

const planted = {
  accessToken: 'eyJhbGciOiJSUzI1NiJ9.planted-access-token',
  refreshToken: 'PLANTEDREFRESHTOKEN0123456789ABCDEF',
  clientSecret: 'planted-client-secret-5d1f',
  code: 'planted-authorization-code-77aa',
  codeVerifier: 'planted-code-verifier-0a0a',
  state: 'planted-state-of-the-attempt',
  webhookUri: 'https://app.example/api/webhooks/truelayer?key=planted-webhook-key',
  body: 'planted-body-of-the-answer',
  query: 'planted-query-value',
  reason: 'planted-abort-reason',
};

const everything = Object.values(planted).join(' ');

type HostileAnswer = { status: number; body: string; headers?: Record<string, string> };

/** Secrets in every place of an answer: all of them where text is free, those of the request where a code or an id belongs. */
const hostileAnswers: Record<string, (sent: { one: string; last: string }) => HostileAnswer> = {
  'described in words': () => ({
    status: 400,
    body: JSON.stringify({
      error: 'invalid_grant',
      error_description: everything,
      error_details: { reason: everything, provider_details: everything },
    }),
  }),
  'repeated as the code': ({ one }) => ({ status: 400, body: JSON.stringify({ error: one }) }),
  'repeated within the code': ({ last }) => ({ status: 403, body: JSON.stringify({ error: `denied_${last}` }) }),
  'partly repeated as the code': ({ one }) => ({ status: 401, body: JSON.stringify({ error: one.slice(3, 17) }) }),
  'repeated in a problem': ({ one, last }) => ({
    status: 400,
    body: JSON.stringify({
      title: everything,
      detail: everything,
      trace_id: one,
      errors: { [last]: [everything] },
    }),
  }),
  'repeated in a list of problems': ({ one }) => ({
    status: 400,
    body: JSON.stringify({
      type: everything,
      instance: everything,
      errors: [{ field: one, message: everything }, everything],
    }),
  }),
  'in what is no JSON': () => ({ status: 502, body: `<html>${everything}` }),
  'in JSON that is broken': () => ({ status: 200, body: `{"results":[{"x":"${everything}"}` }),
  'in an answer that is not final': () => ({
    status: 200,
    body: JSON.stringify({ status: everything, results: [everything] }),
  }),
  'in a task that failed': () => ({
    status: 200,
    body: JSON.stringify({ status: 'Failed', error: everything, error_description: everything }),
  }),
  'in an answer of another shape': () => ({
    status: 200,
    body: JSON.stringify({ access_token: [everything], result: everything, action_needed: everything, debug_id: 7 }),
  }),
  'in a link that is none': () => ({
    status: 200,
    body: JSON.stringify({
      success: true,
      result: `javascript:${everything}`,
      action_needed: 'authentication_needed',
      user_input_link: everything,
    }),
  }),
  'in the headers': ({ one, last }) => ({
    status: 503,
    body: '',
    headers: { 'x-tl-correlation-id': one, 'retry-after': last, location: everything },
  }),
  'in a redirect': () => ({
    status: 302,
    body: everything,
    headers: { location: `https://evil.example/?${everything}` },
  }),
};

function secretsIn({ body, query, headers }: SeenRequest): { one: string; last: string } {
  const text = [decodeURIComponent(body), [...query.values()].join(' '), headers.authorization].join(' ');
  const sent = Object.values(planted).filter((secret) => text.includes(secret));
  return { one: sent[0] ?? 'none', last: sent.at(-1) ?? 'none' };
}

async function everyFailureOf(origin: string): Promise<{ errors: unknown[]; records: unknown[] }> {
  const records: unknown[] = [];
  const gate: CallGate = {
    before: async (attempt) => void records.push(attempt),
    after: async (attempt, outcome) => void records.push(attempt, outcome),
  };
  const client = clientOf(origin);
  const call: DataCall = { accessToken: planted.accessToken, gate, asynchronous: { webhookUri: planted.webhookUri } };
  const keys = { clientId: 'id', clientSecret: planted.clientSecret };
  const trip = { redirectUri: 'https://app.example/cb', state: planted.state };
  const { refreshToken, accessToken, code, codeVerifier } = planted;
  const range = { from: '2026-01-01', to: '2026-01-31' };
  const resultsUri = `${origin}/data/v1/results/t1?q=${planted.query}`;
  const outcomes = await Promise.allSettled([
    client.exchangeCode({ ...keys, code, codeVerifier, redirectUri: trip.redirectUri }, { gate }),
    client.refreshTokens({ ...keys, refreshToken }, { gate }),
    client.verifyClient(keys, { gate }),
    client.createReauthLink({ ...trip, refreshToken }, { gate }),
    client.createDirectAuthLink(
      { ...trip, clientId: 'id', bankId: 'mock', permissions: ['info'], consentId: 'c1' },
      { gate },
    ),
    client.extendConnection(
      { ...keys, ...trip, refreshToken, user: { name: 'Jo' }, userHasReconfirmedConsent: true },
      { gate },
    ),
    client.createDebugId({ accessToken }, { gate }),
    client.getMe(call),
    client.listAccounts(call),
    client.getTransactions(call, { kind: 'card', id: 'c1', ...range }),
    client.fetchResults(call, { resultsUri, endpoint: 'accounts' }),
    client.fetchResults(call, { resultsUri: `https://evil.example/${planted.query}`, endpoint: 'accounts' }),
    client.fetchResults(call, { resultsUri: `http://${planted.query}:x@127.0.0.1/`, endpoint: 'accounts' }),
    client.listAccounts({ ...call, accessToken: `${accessToken}\n${planted.query}` }),
    client.listAccounts({ ...call, signal: AbortSignal.abort(new Error(planted.reason)) }),
  ]);
  return { errors: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])), records };
}

function textsOf(value: unknown): string {
  const properties = value instanceof Error ? [value.message, value.stack, String(value), inspect(value.cause)] : [];
  return [
    JSON.stringify(value),
    inspect(value, { depth: null, showHidden: true, maxStringLength: null }),
    ...properties,
  ].join('\n');
}

const plantedParts = Object.values(planted).flatMap((secret) => [secret.slice(-24, -12), secret.slice(-12)]);

function expectNothingPlanted(values: readonly unknown[]): void {
  const lines = values.map(textsOf).join('\n').split('\n');
  expect(lines.filter((line) => plantedParts.some((part) => line.includes(part)))).toEqual([]);
}

test.each(Object.entries(hostileAnswers))('no secret %s comes out of any call', async (_, answer) => {
  const server = await startServer((request, response) => {
    const { status, body, headers } = answer(secretsIn(request));
    sendJson(response, status, body, headers);
  });
  const { errors, records } = await everyFailureOf(server.origin);
  expect(errors.length).toBeGreaterThan(10);
  expect(records.length).toBeGreaterThan(20);
  expectNothingPlanted(errors);
  expectNothingPlanted(records);
});

test('no secret comes out when the platform’s own errors are full of them', async () => {
  const server = await startServer((_, response) => response.end());
  const loud = Object.assign(
    new TypeError(everything, {
      cause: Object.assign(new Error(everything), { code: 'ECONNRESET', headers: everything }),
    }),
    { url: everything },
  );
  const client = clientOf(server.origin, { fetch: () => Promise.reject(loud) });
  const error = await client.listAccounts({ accessToken: planted.accessToken }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'network', networkFailure: 'reset' });
  expectNothingPlanted([error]);
});
