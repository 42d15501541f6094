/** What a caller decides by. */
export type TrueLayerErrorKind =
  | 'reconnect'
  | 'config'
  | 'retry_later'
  | 'bank_limit_short'
  | 'bank_limit_daily'
  | 'bank_trouble'
  | 'needs_recent_sign_in'
  | 'denied'
  | 'token_expired'
  | 'not_supported'
  | 'not_found'
  | 'request'
  | 'person_at_bank'
  | 'unknown';

export type Handling = { kind: TrueLayerErrorKind; advice: string };

/** Every code that TrueLayer documents, and the ones of ours for what happens outside of its documents. */
export const handlingByCode = {
  validation_error: on(
    'request',
    'A parameter of ours is wrong. Do not repeat the call unchanged; look at what was sent.',
  ),
  invalid_date_range: on('request', 'The bank refuses this range. Ask for a narrower one.'),
  invalid_request: on('request', 'The request is malformed. This is a bug or a wrong setting of ours.'),
  invalid_scope: on(
    'request',
    'A permission was asked for that this client or bank does not have. Check the permissions.',
  ),
  deprecated_provider: on(
    'reconnect',
    'The integration with this bank has ended. Offer its successor and connect anew.',
  ),
  invalid_grant: on(
    'reconnect',
    'The code or refresh token is spent, revoked or lapsed. The person has to connect again.',
  ),
  invalid_authorization_code: on('reconnect', 'The code was used or is older than five minutes. Start a new sign-in.'),
  invalid_credentials_key: on(
    'reconnect',
    'The stored bank credentials cannot be used any more. The person has to connect again.',
  ),
  invalid_client: on(
    'config',
    'Client id or secret is wrong, or belongs to the other environment. Check the keys in Console.',
  ),
  unauthorized_client: on(
    'config',
    'This client is unknown, or not enabled for what it asked. Check Console, or ask TrueLayer.',
  ),
  extend_refused: on(
    'config',
    'TrueLayer did not accept the reconfirmation. Check that the client is approved for it; use a reauth link.',
  ),
  extend_unauthorized: on('reconnect', 'The refresh token is not the newest, or is dead. A fresh sign-in is needed.'),
  extend_not_possible: on(
    'not_supported',
    'This connection cannot be extended. Use a reauth link, then a fresh sign-in.',
  ),
  unauthorized: on('token_expired', 'The access token is missing or superseded. Refresh once and repeat once.'),
  invalid_token: on('token_expired', 'The access token has expired. Refresh once and repeat once.'),
  access_denied: on(
    'denied',
    'Consent is over, or only this resource is refused. Find out with /me or a call within 90 days.',
  ),
  sca_exceeded: on(
    'needs_recent_sign_in',
    'The bank opens this only in the minutes after a sign-in. The connection is healthy; carry on without.',
  ),
  account_not_found: on(
    'not_found',
    'The account id is unknown here or has changed. List the accounts and match them again.',
  ),
  not_found: on('not_found', 'There is no such thing. Check the id and the environment.'),
  provider_too_many_requests: on(
    'bank_limit_short',
    'The bank is throttling. Repeat later, more slowly, one call after another.',
  ),
  provider_request_limit_exceeded: on(
    'bank_limit_daily',
    'The four unattended calls of the day are spent. Wait a day, or for the person.',
  ),
  internal_server_error: on(
    'retry_later',
    'A fault at TrueLayer. Repeat later; report it with the correlation ids if it stays.',
  ),
  internal_error: on(
    'retry_later',
    'A fault at TrueLayer. Repeat later; report it with the correlation ids if it stays.',
  ),
  server_error: on(
    'retry_later',
    'A fault at TrueLayer. Repeat later; report it with the correlation ids if it stays.',
  ),
  endpoint_not_supported: on('not_supported', 'The bank does not offer this. Remember it and stop asking.'),
  provider_error: on('bank_trouble', 'The bank is down, probably for planned work. Repeat in some hours.'),
  temporarily_unavailable: on('bank_trouble', 'The bank is down. Repeat with growing pauses.'),
  connector_overload: on('bank_trouble', "TrueLayer's link to the bank is overloaded. Repeat with growing pauses."),
  connector_timeout: on('bank_trouble', "TrueLayer's link to the bank timed out. Repeat later, or ask asynchronously."),
  provider_timeout: on('bank_trouble', 'The bank timed out. Repeat later, or ask asynchronously.'),
  account_permanently_locked: on(
    'person_at_bank',
    'The bank has locked the person out. They have to speak to their bank.',
  ),
  account_temporarily_locked: on(
    'person_at_bank',
    'The bank has locked the person out for a while. They may try later.',
  ),
  user_input_required: on(
    'person_at_bank',
    'The bank wants something from the person. They should sign in at their bank first.',
  ),
  wrong_credentials: on(
    'person_at_bank',
    'The bank did not accept the name or password. The person should sign in again.',
  ),
  network: on('retry_later', 'No answer came back. Check the network between here and TrueLayer.'),
  timeout: on('retry_later', 'No answer in time. Repeat later, or ask asynchronously.'),
  aborted: on('retry_later', 'The caller stopped waiting. Whether TrueLayer acted on the call is not known.'),
  too_large: on('unknown', 'The answer is larger than is accepted here. Ask for a narrower range.'),
  not_json: on(
    'retry_later',
    'The answer is not JSON, so something between here and TrueLayer wrote it. Repeat later.',
  ),
  not_final: on(
    'retry_later',
    'The answer says that its results are not complete. Repeat later, or ask asynchronously.',
  ),
  task_failed: on('bank_trouble', 'The asynchronous task failed without a code. Start it again later.'),
  unexpected_shape: on(
    'unknown',
    'The answer lacks what its documentation promises. Compare it with the recorded ones; report it.',
  ),
  unexpected_redirect: on(
    'unknown',
    'The server redirected an API call, which was not followed. Check the configured address.',
  ),
  foreign_results_uri: on(
    'unknown',
    'The results address is not on the configured API host, so nothing was sent there. Investigate.',
  ),
  invalid_call: on(
    'request',
    'The call was refused before it was sent, because an argument cannot be right. This is a bug of ours.',
  ),
  unknown: on(
    'unknown',
    'TrueLayer gave no code that is known here. Decide by the HTTP status; add the code if it is documented.',
  ),
} satisfies Readonly<Record<string, Handling>>;

export type TrueLayerErrorCode = keyof typeof handlingByCode;

export function isKnownCode(code: string): code is TrueLayerErrorCode {
  return Object.hasOwn(handlingByCode, code);
}

/** For an answer whose code says nothing. */
export function kindByHttpStatus(httpStatus: number): TrueLayerErrorKind {
  if (httpStatus === 401) return 'token_expired';
  if (httpStatus === 403) return 'denied';
  if (httpStatus === 404 || httpStatus === 410) return 'not_found';
  if (httpStatus === 408) return 'retry_later';
  if (httpStatus === 429) return 'bank_limit_short';
  if (httpStatus === 501) return 'not_supported';
  if (httpStatus >= 500) return 'retry_later';
  return httpStatus >= 400 ? 'request' : 'unknown';
}

export function isRetryableKind(kind: TrueLayerErrorKind): boolean {
  return kind === 'retry_later' || kind === 'bank_trouble' || kind === 'bank_limit_short';
}

function on(kind: TrueLayerErrorKind, advice: string): Handling {
  return { kind, advice };
}
