import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { CallAttempt, CallGate, CallOutcome } from './call.ts';
import { toPsuIp } from './psu-ip.ts';
import { clientOf, sendJson, startServer } from './test-server.ts';

const none = { results: [], status: 'Succeeded' };

function recordingGate(overrides: Partial<CallGate> = {}) {
  const events: (['before', CallAttempt] | ['after', CallAttempt, CallOutcome])[] = [];
  const gate: CallGate = {
    async before(attempt) {
      events.push(['before', attempt]);
      await overrides.before?.(attempt);
    },
    async after(attempt, outcome) {
      events.push(['after', attempt, outcome]);
      await overrides.after?.(attempt, outcome);
    },
  };
  return { gate, events };
}

/** A port on which nobody listens, or on which every connection is cut. */
async function brokenOrigin(isListening: boolean): Promise<string> {
  const server = createServer((socket) => socket.resetAndDestroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (isListening) onTestFinished(close);
  else await close();
  return `http://127.0.0.1:${port}`;
}

test('a call made for somebody who is there carries their address; any other carries none', async () => {
  const server = await startServer((_, response) => sendJson(response, 200, none));
  const client = clientOf(server.origin);
  await client.listAccounts({
    accessToken: 't',
    presentPersonIp: toPsuIp('81.2.69.160', { allowPrivate: false }) ?? undefined,
  });
  await client.listAccounts({ accessToken: 't' });
  expect(server.seen.map((request) => request.headers['x-psu-ip'])).toEqual(['81.2.69.160', undefined]);
});

test('every call carries the token and a correlation id, its own or the caller’s', async () => {
  const server = await startServer((_, response) => sendJson(response, 200, none));
  const client = clientOf(server.origin);
  const { meta } = await client.listAccounts({ accessToken: 'token-1' });
  await client.listBanks({}, { correlationId: 'mine-1' });
  const [first, second] = server.seen;
  expect(first?.headers).toMatchObject({
    authorization: 'Bearer token-1',
    accept: 'application/json',
    'x-client-correlation-id': meta.correlationId,
  });
  expect(meta.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.headers['x-client-correlation-id']).toBe('mine-1');
  expect(second?.headers.authorization).toBeUndefined();
});

test('an answer says which call it answers, however the headers are spelt', async () => {
  const server = await startServer((_, response) =>
    sendJson(response, 200, none, { 'X-TL-CORRELATION-ID': 'tl-9', 'x-credentials-id': 'cred=' }),
  );
  const now = new Date('2026-03-01T10:00:00Z');
  const { meta } = await clientOf(server.origin, { now: () => now }).getInfo({
    accessToken: 't',
    correlationId: 'c-1',
  });
  expect(meta).toEqual({
    endpoint: 'info',
    httpStatus: 200,
    correlationId: 'c-1',
    trueLayerCorrelationId: 'tl-9',
    credentialsId: 'cred=',
    attended: false,
    attempts: 1,
    durationMs: expect.any(Number),
    responseBytes: JSON.stringify(none).length,
    receivedAt: now,
  });
});

test('the gate stands around every attempt on the wire, retries included', async () => {
  const server = await startServer((_, response) => {
    if (server.seen.length === 1)
      sendJson(response, 503, { error: 'provider_error' }, { 'x-tl-correlation-id': 'tl-1' });
    else sendJson(response, 200, none);
  });
  const { gate, events } = recordingGate();
  const startedAt = new Date('2026-03-01T10:00:00Z');
  await clientOf(server.origin, { now: () => startedAt }).getPendingTransactions(
    {
      accessToken: 't',
      gate,
      attempts: 2,
      correlationId: 'c-1',
      bankId: 'ob-monzo',
      presentPersonIp: toPsuIp('81.2.69.160', { allowPrivate: false }) ?? undefined,
    },
    { kind: 'card', id: 'card/1' },
  );
  const attempt = {
    endpoint: 'card_pending_transactions',
    method: 'GET',
    path: '/data/v1/cards/card%2F1/transactions/pending',
    resourceId: 'card/1',
    bankId: 'ob-monzo',
    attended: true,
    asynchronous: false,
    correlationId: 'c-1',
    startedAt,
  };
  expect(events).toEqual([
    ['before', { ...attempt, attempt: 1 }],
    [
      'after',
      { ...attempt, attempt: 1 },
      {
        httpStatus: 503,
        code: 'provider_error',
        durationMs: expect.any(Number),
        trueLayerCorrelationId: 'tl-1',
        responseBytes: 26,
      },
    ],
    ['before', { ...attempt, attempt: 2 }],
    [
      'after',
      { ...attempt, attempt: 2 },
      { httpStatus: 200, code: null, durationMs: expect.any(Number), trueLayerCorrelationId: null, responseBytes: 35 },
    ],
  ]);
});

test('a gate that refuses keeps the call off the wire, and its own error comes out', async () => {
  const server = await startServer((_, response) => sendJson(response, 200, none));
  const refusal = new Error('no budget');
  const { gate, events } = recordingGate({ before: () => Promise.reject(refusal) });
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't', gate, attempts: 3 })).rejects.toBe(refusal);
  expect(server.seen).toEqual([]);
  expect(events.map(([name]) => name)).toEqual(['before']);
});

test('a gate may refuse the retry alone', async () => {
  const server = await startServer((_, response) => sendJson(response, 500, ''));
  const refusal = new Error('no budget');
  const { gate } = recordingGate({
    before: ({ attempt }) => (attempt > 1 ? Promise.reject(refusal) : Promise.resolve()),
  });
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't', gate, attempts: 5 })).rejects.toBe(refusal);
  expect(server.seen).toHaveLength(1);
});

test('the gate hears of an answer that came and cannot be used', async () => {
  const server = await startServer((_, response) => sendJson(response, 200, { results: [], status: 'Running' }));
  const { gate, events } = recordingGate();
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't', gate })).rejects.toMatchObject({
    code: 'not_final',
    httpStatus: 200,
    isRetryable: true,
  });
  expect(events[1]?.[2]).toMatchObject({ httpStatus: 200, code: 'not_final' });
});

test('a gate that cannot take note stops a data call, but never costs fresh tokens', async () => {
  const server = await startServer((_, response) =>
    sendJson(response, 200, { ...none, access_token: 'a1', refresh_token: 'r2', expires_in: 3600 }),
  );
  const failure = new Error('ledger is down');
  const { gate } = recordingGate({ after: () => Promise.reject(failure) });
  const client = clientOf(server.origin);
  await expect(client.listAccounts({ accessToken: 't', gate })).rejects.toBe(failure);
  await expect(
    client.refreshTokens({ clientId: 'i', clientSecret: 's', refreshToken: 'r1' }, { gate }),
  ).resolves.toMatchObject({ refreshToken: 'r2' });
});

test('a data call is sent once unless its caller gives it more attempts', async () => {
  const server = await startServer((_, response) => sendJson(response, 500, { error: 'internal_server_error' }));
  const client = clientOf(server.origin);
  await expect(client.listAccounts({ accessToken: 't' })).rejects.toThrow();
  expect(server.seen).toHaveLength(1);
  await expect(client.listAccounts({ accessToken: 't', attempts: 3 })).rejects.toThrow();
  expect(server.seen).toHaveLength(4);
});

test('/me and the lists are tried twice', async () => {
  const server = await startServer((_, response) => sendJson(response, 502, 'bad gateway'));
  const client = clientOf(server.origin);
  for (const call of [() => client.getMe({ accessToken: 't' }), () => client.listBanks(), () => client.getStatus()]) {
    const before = server.seen.length;
    await expect(call()).rejects.toThrow();
    expect(server.seen.length - before).toBe(2);
  }
});

test('codes, refreshes, extensions and deletions are never repeated, even when asked to', async () => {
  const server = await startServer((_, response) => sendJson(response, 503, ''));
  const client = clientOf(server.origin);
  const keys = { clientId: 'i', clientSecret: 's' };
  const trip = { redirectUri: 'https://app.example/cb', state: 's' };
  const calls = [
    () =>
      client.exchangeCode(
        { ...keys, code: 'c', redirectUri: 'https://app.example/cb', codeVerifier: 'v' },
        { attempts: 3 },
      ),
    () => client.refreshTokens({ ...keys, refreshToken: 'r' }, { attempts: 3 }),
    () =>
      client.extendConnection(
        { ...keys, ...trip, refreshToken: 'r', user: {}, userHasReconfirmedConsent: true },
        { attempts: 3 },
      ),
    () => client.revoke({ accessToken: 't' }, { attempts: 3 }),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ httpStatus: 503 });
  expect(server.seen).toHaveLength(calls.length);
});

test.each([
  [429, { error: 'provider_too_many_requests' }, {}],
  [400, { error: 'validation_error' }, {}],
  [501, { error: 'endpoint_not_supported' }, {}],
  [503, { error: 'provider_error' }, { 'retry-after': '3600' }],
])('%i %j %j is not tried again: a second call would only cost', async (status, body, headers) => {
  const server = await startServer((_, response) => sendJson(response, status, body, headers));
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't', attempts: 3 })).rejects.toMatchObject({
    httpStatus: status,
  });
  expect(server.seen).toHaveLength(1);
});

test('says that nobody listens', async () => {
  const { gate, events } = recordingGate();
  await expect(clientOf(await brokenOrigin(false)).listAccounts({ accessToken: 't', gate })).rejects.toMatchObject({
    code: 'network',
    networkFailure: 'refused',
    kind: 'retry_later',
    isRetryable: true,
    httpStatus: null,
  });
  expect(events[1]?.[2]).toMatchObject({
    httpStatus: null,
    code: 'network',
    networkFailure: 'refused',
    responseBytes: 0,
  });
});

test('says that the line was cut', async () => {
  await expect(clientOf(await brokenOrigin(true)).listAccounts({ accessToken: 't' })).rejects.toMatchObject({
    code: 'network',
    networkFailure: 'reset',
  });
});

test('an answer that breaks off is no answer', async () => {
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"results":[', () => response.destroy());
  });
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't' })).rejects.toMatchObject({
    code: 'network',
    networkFailure: 'reset',
    httpStatus: 200,
  });
});

test('stops waiting for a server that does not answer, or does not finish', async () => {
  const server = await startServer((request, response) => {
    if (request.path.endsWith('/cards')) response.write('{');
  });
  const client = clientOf(server.origin, { timeoutMs: 1500 });
  const { gate, events } = recordingGate();
  await expect(client.listAccounts({ accessToken: 't', gate })).rejects.toMatchObject({
    code: 'timeout',
    networkFailure: 'timeout',
    httpStatus: null,
  });
  await expect(client.listCards({ accessToken: 't', gate })).rejects.toMatchObject({
    code: 'timeout',
    httpStatus: 200,
  });
  expect(events.filter(([name]) => name === 'after')).toHaveLength(2);
});

test('a call may have its own time limit', async () => {
  const server = await startServer(() => undefined);
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't', timeoutMs: 40 })).rejects.toMatchObject({
    code: 'timeout',
  });
});

test('an abort ends the call, is told to the gate, and is not followed by another attempt', async () => {
  const controller = new AbortController();
  const server = await startServer(() => controller.abort(new Error('secret reason')));
  const { gate, events } = recordingGate();
  const call = clientOf(server.origin).listAccounts({ accessToken: 't', gate, attempts: 3, signal: controller.signal });
  await expect(call).rejects.toMatchObject({ code: 'aborted', networkFailure: 'aborted' });
  expect(events.map(([name]) => name)).toEqual(['before', 'after']);
  expect(events[1]?.[2]).toMatchObject({ code: 'aborted', networkFailure: 'aborted' });
});

test('nothing is asked of the gate or sent once the caller has given up', async () => {
  const server = await startServer((_, response) => sendJson(response, 200, none));
  const { gate, events } = recordingGate();
  await expect(
    clientOf(server.origin).listAccounts({ accessToken: 't', gate, signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'aborted' });
  expect([events, server.seen]).toEqual([[], []]);
});

test('an abort ends the pause between two attempts', async () => {
  const controller = new AbortController();
  const server = await startServer((_, response) => sendJson(response, 503, ''));
  const { gate } = recordingGate({ after: async () => controller.abort() });
  const client = clientOf(server.origin, { backOffMs: 5_000 });
  await expect(
    client.listAccounts({ accessToken: 't', attempts: 2, gate, signal: controller.signal }),
  ).rejects.toMatchObject({ code: 'aborted' });
  expect(server.seen).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308])(
  'does not follow a redirect of status %i, so no token goes to another address',
  async (status) => {
    const elsewhere = await startServer((_, response) => sendJson(response, 200, none));
    const server = await startServer((_, response) =>
      response.writeHead(status, { location: `${elsewhere.origin}/data/v1/accounts` }).end(),
    );
    await expect(clientOf(server.origin).listAccounts({ accessToken: 't' })).rejects.toMatchObject({
      code: 'unexpected_redirect',
      httpStatus: status,
      isRetryable: false,
    });
    expect(elsewhere.seen).toEqual([]);
  },
);

test('an answer beyond the limit is not read to its end, however small it was packed', async () => {
  const packed = gzipSync(Buffer.alloc(2 << 20, ' '));
  const server = await startServer((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
  );
  const call = clientOf(server.origin).refreshTokens({ clientId: 'i', clientSecret: 's', refreshToken: 'r' });
  await expect(call).rejects.toMatchObject({ code: 'too_large', httpStatus: 200, isRetryable: false });
});

test('reads packed answers', async () => {
  const server = await startServer((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(none))),
  );
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't' })).resolves.toMatchObject({
    state: 'final',
    items: [],
  });
});

test('200 with a page instead of JSON is refused', async () => {
  const server = await startServer((_, response) => response.end('<html>Checking your browser</html>'));
  await expect(clientOf(server.origin).listAccounts({ accessToken: 't' })).rejects.toMatchObject({
    code: 'not_json',
    httpStatus: 200,
  });
});

test.each([
  { accessToken: 'bad\ntoken' },
  { accessToken: '' },
  { accessToken: 'schlüssel' },
  { accessToken: 't', correlationId: 'a\r\nx: y' },
])('refuses to send %j, and does not quote it', async (call) => {
  const server = await startServer((_, response) => sendJson(response, 200, none));
  const { gate, events } = recordingGate();
  const error = await clientOf(server.origin)
    .listAccounts({ ...call, gate })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'invalid_call', kind: 'request', correlationId: null });
  expect([events, server.seen]).toEqual([[], []]);
});
