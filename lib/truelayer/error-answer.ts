import type { ErrorDebug, ErrorFacts } from './error.ts';
import { isKnownCode, kindByHttpStatus, type TrueLayerErrorCode, type TrueLayerErrorKind } from './error-codes.ts';
import { type ExactJson, type ExactObject, isExactObject, parseExactJson } from './exact-json.ts';

/** What a call identifies itself with: a refusal of it means something else for each. */
export type Credential = 'access_token' | 'refresh_token' | 'client' | 'nothing';

export type RefusedAnswer = { httpStatus: number; body: Uint8Array; retryAfterMs: number | null };

/** `secrets` are the ones that the request held, in case that a server repeats one where a code should be. */
export function factsOfAnswer(answer: RefusedAnswer, presented: Credential, secrets: readonly string[]): ErrorFacts {
  const { httpStatus, retryAfterMs } = answer;
  const parsed = answer.body.length === 0 ? {} : parseExactJson(answer.body);
  const body = isExactObject(parsed) ? parsed : null;
  const rawText = typeof body?.error === 'string' ? body.error : null;
  const code = body ? codeOf(body, rawText, presented, httpStatus) : 'not_json';
  const debug = debugOf(body ?? {}, secrets);
  const kind = kindOf(code, httpStatus, presented, debug.reason);
  const rawCode = rawText === null ? null : saneText(rawText, secrets);
  return { code, rawCode, httpStatus, retryAfterMs, debug, ...(kind && { kind }) };
}

/** Letters, digits and a few marks, 64 at most; never a secret or a part of one. */
export function saneText(text: string, secrets: readonly string[]): string {
  if (secrets.some((secret) => overlaps(secret, text))) return 'redacted';
  return text.replace(/[^\w.:|-]/g, '').slice(0, 64);
}

const minOverlapLength = 8;

/** Shorter stretches are shared by chance. */
function overlaps(secret: string, text: string): boolean {
  for (let at = 0; at + minOverlapLength <= text.length; at++) {
    if (secret.includes(text.slice(at, at + minOverlapLength))) return true;
  }
  return false;
}

function codeOf(
  body: ExactObject,
  rawText: string | null,
  presented: Credential,
  httpStatus: number,
): TrueLayerErrorCode {
  if (rawText !== null) return isKnownCode(rawText) ? rawText : 'unknown';
  const isProblem = ['title', 'type', 'trace_id'].some((key) => typeof body[key] === 'string');
  // Of the calls of ours only extend presents a refresh token and answers with problem documents, which have no code.
  if (!isProblem || presented !== 'refresh_token') return 'unknown';
  if (httpStatus === 400) return fieldsOf(body.errors, []).length > 0 ? 'validation_error' : 'extend_refused';
  if (httpStatus === 401) return 'extend_unauthorized';
  return httpStatus === 422 ? 'extend_not_possible' : 'unknown';
}

/** Undefined where the code's own handling holds. */
function kindOf(
  code: TrueLayerErrorCode,
  httpStatus: number,
  presented: Credential,
  reason: ErrorDebug['reason'],
): TrueLayerErrorKind | undefined {
  if (code === 'invalid_request' && reason === 'consent_over') return 'reconnect';
  if (httpStatus === 401 && (code === 'unauthorized' || code === 'invalid_request' || code === 'invalid_token')) {
    if (presented === 'refresh_token') return code === 'invalid_request' && reason === null ? 'unknown' : 'reconnect';
    return presented === 'access_token' ? 'token_expired' : 'config';
  }
  if (code !== 'unknown' && code !== 'not_json') return undefined;
  return presented === 'access_token' ? kindByHttpStatus(httpStatus) : kindWithoutBank(httpStatus);
}

/** The auth server's refusals without a code are a gateway's: no connection may die of one, and no bank is to blame. */
function kindWithoutBank(httpStatus: number): TrueLayerErrorKind {
  if (httpStatus === 401 || httpStatus === 403) return 'unknown';
  return httpStatus === 429 ? 'retry_later' : kindByHttpStatus(httpStatus);
}

function debugOf(body: ExactObject, secrets: readonly string[]): ErrorDebug {
  const details = isExactObject(body.error_details) ? body.error_details : {};
  return {
    traceId: typeof body.trace_id === 'string' ? saneText(body.trace_id, secrets) : null,
    reason: typeof details.reason === 'string' ? reasonOf(details.reason) : null,
    fields: fieldsOf(body.errors, secrets),
  };
}

function reasonOf(text: string): NonNullable<ErrorDebug['reason']> {
  if (/^invalid refresh_token/i.test(text)) return 'invalid_refresh_token';
  if (/^invalid token/i.test(text)) return 'invalid_token';
  return /^consent (expired|revoked)/i.test(text) ? 'consent_over' : 'other';
}

const maxFieldCount = 16;

/** The names of the fields at fault, from a map of names or a list of maps. The messages may repeat what was sent. */
function fieldsOf(errors: ExactJson | undefined, secrets: readonly string[]): string[] {
  const maps = Array.isArray(errors) ? errors.filter(isExactObject) : isExactObject(errors) ? [errors] : [];
  const names = maps.flatMap((map) => (typeof map.field === 'string' ? [map.field] : Object.keys(map)));
  return names.slice(0, maxFieldCount).map((name) => saneText(name, secrets));
}
