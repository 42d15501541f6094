import { ownValue } from '#lib/format/own-value';
import { handlingByCode, isKnownCode } from '#lib/truelayer/error-codes';

/** A code in a few words, for a table. */
export function errorWords(code: string): string {
  return ownValue(WORDS, code) ?? code.replaceAll('_', ' ');
}

/** What the code asks of the team. */
export function errorAdvice(code: string): string | null {
  return ownValue(OURS, code) ?? (isKnownCode(code) ? handlingByCode[code].advice : null);
}

const WORDS: Readonly<Record<string, string>> = {
  access_denied: 'The bank refused access',
  account_not_found: 'The bank no longer knows the account',
  account_permanently_locked: 'The bank has locked the person out',
  account_temporarily_locked: 'The bank has locked the person out for now',
  aborted: 'We stopped waiting',
  budget_exhausted: 'The day’s four calls are used up',
  connector_overload: 'TrueLayer’s link to the bank is overloaded',
  connector_timeout: 'TrueLayer’s link to the bank timed out',
  deprecated_provider: 'TrueLayer has ended this bank',
  endpoint_not_supported: 'The bank doesn’t offer this',
  grant_refused: 'TrueLayer refused the grant',
  internal_error: 'Fault at TrueLayer',
  internal_server_error: 'Fault at TrueLayer',
  invalid_client: 'Our client id or secret is wrong',
  invalid_credentials_key: 'The bank login is no longer good',
  invalid_grant: 'The grant is spent, revoked or lapsed',
  invalid_token: 'The access token was refused',
  list_empty: 'The bank lists no account any more',
  list_wanted: 'The list of accounts is to be asked for again',
  marked_by_team: 'The team asked for a new login',
  network: 'No answer from TrueLayer',
  no_refresh_token: 'There is no refresh token',
  not_final: 'TrueLayer’s results were not complete',
  not_json: 'The answer was not JSON',
  provider_error: 'The bank is down',
  provider_request_limit_exceeded: 'The bank’s daily limit is reached',
  provider_timeout: 'The bank timed out',
  provider_too_many_requests: 'The bank is throttling',
  sca_exceeded: 'The bank wants a recent login for this',
  server_error: 'Fault at TrueLayer',
  stopped: 'Our process was stopped in the middle',
  task_failed: 'TrueLayer’s task failed',
  task_timed_out: 'TrueLayer’s task never came back',
  temporarily_unavailable: 'The bank is down',
  timeout: 'No answer in time',
  tokens_busy: 'Another process held the tokens too long',
  too_large: 'The answer was too large',
  unauthorized: 'The access token was refused',
  unauthorized_client: 'Our client isn’t allowed to do this',
  unexpected_shape: 'The answer lacks what is documented',
  user_input_required: 'The bank wants something from the person',
  wrong_credentials: 'The bank login is wrong',
};

const OURS: Readonly<Record<string, string>> = {
  budget_exhausted:
    'Nothing was sent. The next background call is free when the oldest of the day’s four is 24 hours old.',
  grant_refused: 'Only the person can give a new grant, by logging in at the bank.',
  list_empty: 'The accounts are kept until the bank says so twice, or the person logs in again.',
  marked_by_team: 'Somebody of the team asked the person to log in again. Their reason is in the timeline.',
  no_refresh_token: 'Without offline access a connection lasts an hour. Only the person can renew it.',
  stopped: 'Nothing is wrong with the connection. The next run goes on where this one stopped.',
  task_timed_out: 'Repeat later. If it stays, send TrueLayer the support bundle.',
  tokens_busy: 'Repeat later. If it stays, look at the workers on the health page.',
};
