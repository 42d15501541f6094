import type { HttpRequest } from './http.ts';
import { type NetworkFailure, networkFailureOf } from './network-failure.ts';

/** What came over the wire, or why nothing did. */
export type Received = {
  httpStatus: number | null;
  headers: Headers | null;
  body: Uint8Array;
  responseBytes: number;
  networkFailure: NetworkFailure | null;
  durationMs: number;
};

/** One request and its answer. Never throws: the errors of `fetch` may quote an address or a header. */
export async function exchange<T>(
  send: typeof fetch,
  request: HttpRequest<T>,
  correlationId: string,
): Promise<Received> {
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(request.options.timeoutMs ?? request.timeoutMs);
  const given = request.options.signal;
  const received: Received = {
    httpStatus: null,
    headers: null,
    body: new Uint8Array(),
    responseBytes: 0,
    networkFailure: null,
    durationMs: 0,
  };
  try {
    const response = await send(request.url, {
      method: request.method,
      headers: headersOf(request, correlationId),
      body: bodyOf(request),
      // Followed redirects could carry the token to another host.
      redirect: 'manual',
      signal: given ? AbortSignal.any([given, timeout]) : timeout,
    });
    received.httpStatus = response.status;
    received.headers = response.headers;
    await readBody(response, request.maxBytes, received);
  } catch (error) {
    received.networkFailure ??= given?.aborted ? 'aborted' : timeout.aborted ? 'timeout' : networkFailureOf(error);
  }
  received.durationMs = performance.now() - startedAt;
  return received;
}

function headersOf<T>(request: HttpRequest<T>, correlationId: string): Headers {
  const headers = new Headers({ accept: 'application/json', 'x-client-correlation-id': correlationId });
  if (request.accessToken !== undefined) headers.set('authorization', `Bearer ${request.accessToken}`);
  if (request.presentPersonIp !== undefined) headers.set('x-psu-ip', request.presentPersonIp);
  if (request.json) headers.set('content-type', 'application/json');
  if (request.form) headers.set('content-type', 'application/x-www-form-urlencoded');
  return headers;
}

function bodyOf<T>(request: HttpRequest<T>): string | null {
  if (request.json) return JSON.stringify(request.json);
  return request.form ? new URLSearchParams(request.form).toString() : null;
}

/** Into one growing buffer: a list of chunks would hold a large answer twice. */
async function readBody(response: Response, maxBytes: number, received: Received): Promise<void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  let buffer = Buffer.allocUnsafeSlow(expectedBytes(response.headers, maxBytes));
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const start = received.responseBytes;
    received.responseBytes += part.value.length;
    if (received.responseBytes > maxBytes) {
      received.networkFailure = 'too_large';
      return reader.cancel();
    }
    if (received.responseBytes > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, received.responseBytes));
      buffer.copy(larger, 0, 0, start);
      buffer = larger;
    }
    buffer.set(part.value, start);
  }
  received.body = buffer.subarray(0, received.responseBytes);
}

/** A hint only. The length of a packed answer is not the one that counts here. */
function expectedBytes(headers: Headers, maxBytes: number): number {
  const length = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'));
  return length > 0 && length <= maxBytes ? length : 64 * 1024;
}
