import { describe, isRefusalCode, statusOf } from '#sandbox/data/refusals';
import type { FaultAction } from './faults.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The answer that a fault gives in place of the real one. */
export function toFaultResponse(action: FaultAction): Response {
  const { error, status, body, headers = {} } = action;
  const send = (text: string | null, code: number) => {
    const isEmpty = code === 204 || code === 304;
    return new Response(isEmpty ? null : text, { status: code, headers: { 'Content-Type': JSON_TYPE, ...headers } });
  };
  if (action.running_200) return send('{"results":[],"status":"Running"}', status ?? 200);
  if (action.malformed) return send('{"results":[{"update_timestamp":"2026-01-0', status ?? 200);
  if (body !== undefined) return send(typeof body === 'string' ? body : JSON.stringify(body), status ?? 200);
  if (error === undefined) return send(status !== undefined && status >= 400 ? '' : '{"results":[]}', status ?? 500);
  const known = isRefusalCode(error) ? error : null;
  const description = action.error_description ?? (known === null ? error : describe({ error: known }));
  const answer = { error, error_description: description, error_details: action.error_details ?? {} };
  return send(JSON.stringify(answer), status ?? (known === null ? 400 : statusOf(known)));
}

/** Changes to an answer that has been worked out. */
export async function spoilResponse(action: FaultAction, response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(action.headers ?? {})) headers.set(name, value);
  if (!action.duplicate_rows) return new Response(response.body, { status: response.status, headers });
  const encoding = headers.get('Content-Encoding');
  const plain = encoding === 'gzip' ? response.body?.pipeThrough(new DecompressionStream('gzip')) : response.body;
  const parsed: unknown = JSON.parse(await new Response(plain ?? null).text());
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(JSON.stringify(withRowsTwice(parsed)), { status: response.status, headers });
}

function withRowsTwice(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('results' in body) || !Array.isArray(body.results)) return body;
  return { ...body, results: body.results.flatMap((row) => [row, row]) };
}
