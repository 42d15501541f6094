import { saneText } from './error-answer.ts';
import { readRefusalDescription } from './refusal-description.ts';

/** What a person brings back from the bank. Nothing in it is believed before its `state` was found to be ours. */
export type CallbackAnswer =
  | { kind: 'code'; state: string | null; code: string; permissions: string[] | null }
  | { kind: 'refused'; state: string | null; reason: CallbackRefusal; rawCode: string; description: string | null }
  | { kind: 'empty'; state: string | null };

/** `cancelled` doesn't prove that the person did it: a bank may refuse for them with the same word. */
export type CallbackRefusal = 'cancelled' | 'bank_trouble' | 'bank_unavailable' | 'retry_later' | 'request' | 'unknown';

const refusalByCode: Readonly<Record<string, CallbackRefusal>> = {
  access_denied: 'cancelled',
  provider_error: 'bank_trouble',
  temporarily_unavailable: 'bank_unavailable',
  server_error: 'retry_later',
  internal_server_error: 'retry_later',
  invalid_request: 'request',
  invalid_scope: 'request',
  unauthorized_client: 'request',
};

const longestCode = 2000;
const longestState = 512;

/** Of the query of a GET, or of the form of a POST. An error outweighs a code. */
export function readCallback(parameters: URLSearchParams): CallbackAnswer {
  const state = bounded(parameters.get('state'), longestState);
  const error = parameters.get('error');
  if (error) {
    const reason = Object.hasOwn(refusalByCode, error) ? refusalByCode[error] : undefined;
    const description = readRefusalDescription(parameters.get('error_description'));
    return { kind: 'refused', state, reason: reason ?? 'unknown', rawCode: saneText(error, []), description };
  }
  const code = bounded(parameters.get('code'), longestCode);
  if (code === null) return { kind: 'empty', state };
  const permissions =
    bounded(parameters.get('scope'), longestCode)
      ?.split(/\s+/)
      .filter((scope) => scope !== '') ?? null;
  return { kind: 'code', state, code, permissions };
}

function bounded(text: string | null, longest: number): string | null {
  return text !== null && text !== '' && text.length <= longest ? text : null;
}
