import type { IncomingMessage, ServerResponse } from 'node:http';

/** The limit that `proxy.ts` applies to a declared length. */
const MAX_BODY_BYTES = 128 * 1024;
/** A client that is still writing would lose the response if the connection were closed at once. */
const MAX_DISCARDED_BYTES = 8 * 1024 * 1024;

/**
 * Answers 413 as soon as a chunked body exceeds the limit, whatever route it is for. Such a body declares no length, so its
 * bytes are counted as the parser delivers them. The rest is read and discarded up to a bound before the connection is closed,
 * and never reaches the route.
 */
export function limitBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers['transfer-encoding'] === undefined) return;
  const push = request.push;
  let receivedBytes = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    receivedBytes += chunk?.length ?? 0;
    if (receivedBytes <= MAX_BODY_BYTES) return push.call(request, chunk, encoding);
    if (!response.headersSent) response.writeHead(413, { Connection: 'close', 'Content-Length': '0' }).flushHeaders();
    if (chunk === null || receivedBytes > MAX_DISCARDED_BYTES) response.end();
    return true;
  };
}
