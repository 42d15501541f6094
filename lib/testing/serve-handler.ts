import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export type Served = { url: string; answers: number[]; close(): void };

/** A route handler of ours behind a real socket, as Next.js would call it. */
export async function serveHandler(handle: (request: Request) => Promise<Response>): Promise<Served> {
  const answers: number[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
    // Node's own types and those of the platform name one and the same stream.
    const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null;
    const init: RequestInit & { duplex: 'half' } = { method: incoming.method ?? 'GET', body, duplex: 'half' };
    const response = await handle(new Request(`http://localhost${incoming.url}`, init));
    answers.push(response.status);
    outgoing.writeHead(response.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    answers,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
