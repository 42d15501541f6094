import { expect, test } from 'vitest';
import { TrueLayerError } from './error.ts';
import { handlingByCode } from './error-codes.ts';
import { clientOf, sendJson, startServer } from './test-server.ts';

type Client = ReturnType<typeof clientOf>;

const keys = { clientId: 'id', clientSecret: 'secret-of-the-client' };
const trip = { redirectUri: 'https://app.example/connect/callback', state: 'state-of-the-attempt' };

const calls = {
  transactions: (client: Client) =>
    client.getTransactions({ accessToken: 't' }, { kind: 'account', id: 'a', from: '2026-01-01', to: '2026-01-31' }),
  accounts: (client: Client) => client.listAccounts({ accessToken: 't' }),
  token: (client: Client) => client.refreshTokens({ ...keys, refreshToken: 'r' }),
  reauth: (client: Client) => client.createReauthLink({ ...trip, refreshToken: 'r' }),
  direct: (client: Client) =>
    client.createDirectAuthLink({ ...trip, clientId: 'id', bankId: 'mock', permissions: ['info'], consentId: 'c1' }),
  extend: (client: Client) =>
    client.extendConnection({
      ...keys,
      ...trip,
      refreshToken: 'r',
      user: { name: 'Jo' },
      userHasReconfirmedConsent: true,
    }),
  revoke: (client: Client) => client.revoke({ accessToken: 't' }),
  debug: (client: Client) => client.createDebugId({ accessToken: 't' }),
  banks: (client: Client) => client.listBanks({}, { attempts: 1 }),
} satisfies Record<string, (client: Client) => Promise<unknown>>;

async function failureOf(
  call: keyof typeof calls,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<TrueLayerError> {
  const server = await startServer((_, response) => sendJson(response, status, body, headers));
  const outcome = await calls[call](clientOf(server.origin)).catch((error: unknown) => error);
  if (outcome instanceof TrueLayerError) return outcome;
  throw new Error('the call did not fail as it should');
}

const described = (error: string, error_description: string) => ({ error, error_description, error_details: {} });

test.each([
  [400, 'validation_error', 'The supplied parameters are not valid.', 'request', false],
  [400, 'invalid_date_range', 'Invalid date range provided.', 'request', false],
  [400, 'deprecated_provider', '', 'reconnect', false],
  [401, 'unauthorized', '', 'token_expired', false],
  [401, 'invalid_token', "The token expired at '2020-12-07 12:34:56Z'", 'token_expired', false],
  [401, 'unauthorized_client', '', 'config', false],
  [403, 'access_denied', 'Access to a specific resource has been denied.', 'denied', false],
  [403, 'invalid_credentials_key', '', 'reconnect', false],
  [403, 'sca_exceeded', 'SCA exemption has expired.', 'needs_recent_sign_in', false],
  [404, 'account_not_found', 'account not found', 'not_found', false],
  [429, 'provider_too_many_requests', 'Provider rate limit exceeded.', 'bank_limit_short', true],
  [
    429,
    'provider_request_limit_exceeded',
    'Maximum number of requests per user allowed by provider exceeded.',
    'bank_limit_daily',
    false,
  ],
  [500, 'internal_server_error', 'Internal server error.', 'retry_later', true],
  [501, 'endpoint_not_supported', 'Feature not supported by the provider', 'not_supported', false],
  [404, 'endpoint_not_supported', '', 'not_supported', false],
  [403, 'endpoint_not_supported', '', 'not_supported', false],
  [503, 'provider_error', 'The provider service is unavailable.', 'bank_trouble', true],
  [503, 'temporarily_unavailable', 'The provider service is unavailable.', 'bank_trouble', true],
  [503, 'connector_overload', 'The connector service is currently overloaded.', 'bank_trouble', true],
  [504, 'connector_timeout', 'The connector service timed out.', 'bank_trouble', true],
  [504, 'provider_timeout', 'The provider service timed out.', 'bank_trouble', true],
  [403, 'account_permanently_locked', '', 'person_at_bank', false],
  [403, 'account_temporarily_locked', '', 'person_at_bank', false],
  [403, 'user_input_required', '', 'person_at_bank', false],
  [403, 'wrong_credentials', '', 'person_at_bank', false],
  [500, 'internal_error', '', 'retry_later', true],
  [404, 'not_found', '', 'not_found', false],
] as const)('a data call refused with %i %s', async (httpStatus, code, description, kind, isRetryable) => {
  const error = await failureOf('transactions', httpStatus, described(code, description), {
    'X-Tl-Correlation-Id': 'tl-1',
  });
  expect(error).toMatchObject({
    code,
    rawCode: code,
    kind,
    isRetryable,
    httpStatus,
    endpoint: 'account_transactions',
    trueLayerCorrelationId: 'tl-1',
  });
  expect(error.advice).toBe(handlingByCode[code].advice);
});

test.each([
  ['token', 400, { error: 'invalid_grant' }, 'invalid_grant', 'reconnect'],
  ['token', 400, { error: 'invalid_authorization_code' }, 'invalid_authorization_code', 'reconnect'],
  ['token', 400, { error: 'invalid_client' }, 'invalid_client', 'config'],
  ['token', 401, { error: 'unauthorized_client' }, 'unauthorized_client', 'config'],
  ['token', 400, { error: 'invalid_request' }, 'invalid_request', 'request'],
  ['token', 401, { error: 'unauthorized' }, 'unauthorized', 'config'],
  ['token', 500, { error: 'internal_server_error' }, 'internal_server_error', 'retry_later'],
  ['token', 429, 'slow down', 'not_json', 'retry_later'],
  ['token', 502, '<html>Bad gateway</html>', 'not_json', 'retry_later'],
  ['token', 503, '', 'unknown', 'retry_later'],
  ['token', 403, '<html>Blocked</html>', 'not_json', 'unknown'],
  ['token', 401, '', 'unknown', 'unknown'],
  [
    'reauth',
    401,
    { error: 'invalid_request', error_details: { reason: 'Invalid refresh_token' } },
    'invalid_request',
    'reconnect',
  ],
  ['reauth', 401, { error: 'unauthorized', error_details: { reason: 'Invalid token' } }, 'unauthorized', 'reconnect'],
  ['reauth', 401, { error: 'unauthorized_client' }, 'unauthorized_client', 'config'],
  ['reauth', 401, { error: 'invalid_request' }, 'invalid_request', 'unknown'],
  ['reauth', 400, { error: 'invalid_request' }, 'invalid_request', 'request'],
  ['reauth', 500, { error: 'internal_server_error' }, 'internal_server_error', 'retry_later'],
  ['direct', 401, { error: 'unauthorized_client' }, 'unauthorized_client', 'config'],
  ['direct', 401, { error: 'unauthorized', error_details: { reason: 'something' } }, 'unauthorized', 'config'],
  ['direct', 401, { error: 'invalid_request', error_details: { reason: 'something' } }, 'invalid_request', 'config'],
  ['direct', 500, { error: 'internal_server_error' }, 'internal_server_error', 'retry_later'],
  ['revoke', 401, { error: 'unauthorized' }, 'unauthorized', 'token_expired'],
  ['revoke', 500, { error: 'internal_server_error' }, 'internal_server_error', 'retry_later'],
  [
    'debug',
    400,
    { error: 'invalid_request', error_details: { reason: 'Consent expired or revoked' } },
    'invalid_request',
    'reconnect',
  ],
  ['debug', 401, { error: 'unauthorized' }, 'unauthorized', 'token_expired'],
  ['banks', 500, { error: 'internal_server_error' }, 'internal_server_error', 'retry_later'],
] as const)('%s refused with %i %j', async (call, httpStatus, body, code, kind) => {
  expect(await failureOf(call, httpStatus, body)).toMatchObject({ code, kind, httpStatus });
});

const problem = {
  type: 'https://httpstatuses.com/x',
  instance: '/connections/extend',
  trace_id: '00-4bf92f3577b34da6a3ce929d0e0e4736-01',
};

test.each([
  [
    400,
    { title: 'One or more validation errors occurred.', errors: { ClientId: ['The ClientId field is required.'] } },
    'validation_error',
    'request',
    ['ClientId'],
  ],
  [
    400,
    { title: 'One or more validation errors occurred.', errors: [{ ClientId: ['The ClientId field is required.'] }] },
    'validation_error',
    'request',
    ['ClientId'],
  ],
  [
    400,
    { title: 'One or more validation errors occurred.', errors: [{ field: 'RedirectUri', message: 'x' }, 'odd'] },
    'validation_error',
    'request',
    ['RedirectUri'],
  ],
  [400, { title: 'Bad Request', errors: [] }, 'extend_refused', 'config', []],
  [401, { title: 'Unauthorized', detail: 'Refresh token missing or invalid.' }, 'extend_unauthorized', 'reconnect', []],
  [
    422,
    { title: 'No way to extend this connection', detail: 'This connection cannot be extended' },
    'extend_not_possible',
    'not_supported',
    [],
  ],
  [500, { title: 'Internal Server Error' }, 'unknown', 'retry_later', []],
])('an extension refused with the problem %i %j', async (status, body, code, kind, fields) => {
  const error = await failureOf(
    'extend',
    status,
    { ...problem, status, ...body },
    { 'content-type': 'application/problem+json' },
  );
  expect(error).toMatchObject({ code, kind, rawCode: null, debug: { traceId: problem.trace_id, fields } });
});

test('an extension refused in the usual envelope is read too', async () => {
  expect(await failureOf('extend', 400, { error: 'invalid_client' })).toMatchObject({
    code: 'invalid_client',
    kind: 'config',
  });
});

test.each([
  [400, 'request'],
  [401, 'token_expired'],
  [403, 'denied'],
  [404, 'not_found'],
  [408, 'retry_later'],
  [416, 'request'],
  [422, 'request'],
  [429, 'bank_limit_short'],
  [500, 'retry_later'],
  [501, 'not_supported'],
  [502, 'retry_later'],
  [503, 'retry_later'],
  [504, 'retry_later'],
])('a code nobody knows, no body, or no JSON: decided by %i', async (status, kind) => {
  expect(await failureOf('accounts', status, { error: 'brand_new' })).toMatchObject({
    code: 'unknown',
    rawCode: 'brand_new',
    kind,
  });
  expect(await failureOf('accounts', status, '')).toMatchObject({ code: 'unknown', rawCode: null, kind });
  expect(await failureOf('accounts', status, '<html>')).toMatchObject({ code: 'not_json', rawCode: null, kind });
});

test('an unknown code is cut to 64 sane characters', async () => {
  const error = await failureOf('accounts', 400, { error: `<script>${'y'.repeat(200)}` });
  expect(error.rawCode).toBe(`script${'y'.repeat(58)}`);
});

test.each(['constructor', '__proto__', 'toString'])('the code %s is not taken for one of ours', async (code) => {
  expect(await failureOf('accounts', 400, `{"error":"${code}"}`)).toMatchObject({ code: 'unknown', kind: 'request' });
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['999999999', 86_400_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
])('honours Retry-After %s within bounds', async (header, retryAfterMs) => {
  const error = await failureOf('accounts', 429, { error: 'provider_too_many_requests' }, { 'retry-after': header });
  expect(error.retryAfterMs).toBe(retryAfterMs);
});

test('honours a Retry-After date by the clock it was given', async () => {
  const headers = { 'retry-after': 'Sun, 01 Mar 2026 10:05:00 GMT' };
  const server = await startServer((_, response) => sendJson(response, 503, { error: 'provider_error' }, headers));
  const client = clientOf(server.origin, { now: () => new Date('2026-03-01T10:00:00Z') });
  await expect(client.listAccounts({ accessToken: 't' })).rejects.toMatchObject({ retryAfterMs: 300_000 });
});

test('every documented code has words for operators', () => {
  for (const [code, { advice }] of Object.entries(handlingByCode))
    expect([code, advice]).toEqual([code, expect.stringMatching(/^[A-Z].*\.$/)]);
});
