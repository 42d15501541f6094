import type { IncomingMessage, ServerResponse } from 'node:http';

/** Above the limit that `proxy.ts` applies to a declared length, so that its page answers where it can. */
const MAX_RECEIVED_BYTES = 160 * 1024;

/**
 * Ends a request with 413 as soon as its body exceeds the limit, whatever route it is for. A chunked body declares no length,
 * so its bytes are counted as the parser delivers them; nothing past the limit is buffered.
 */
export function limitBody(request: IncomingMessage, response: ServerResponse): void {
  const push = request.push;
  let receivedBytes = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    receivedBytes += chunk?.length ?? 0;
    if (receivedBytes <= MAX_RECEIVED_BYTES) return push.call(request, chunk, encoding);
    request.push = () => false;
    refuse(request, response);
    return false;
  };
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    request.destroy();
    return;
  }
  response.writeHead(413, { Connection: 'close', 'Content-Length': '0' });
  response.end(() => request.destroy());
}
