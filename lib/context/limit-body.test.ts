import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limitBody } from './limit-body.ts';

let server: Server;
let receivedBytes = 0;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    limitBody(incoming, response);
    incoming.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length;
    });
    incoming.on('error', () => undefined);
    incoming.on('end', () => void response.end('read'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Posts `chunkCount` chunks of 16 KiB without declaring a length; resolves with the status. */
function postChunked(chunkCount: number): Promise<number | undefined> {
  receivedBytes = 0;
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    const { port } = server.address() as AddressInfo;
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/' }, (response) => {
      status = response.statusCode;
      response.resume();
      response.on('close', () => resolve(status));
    });
    // After the refusal the server closes the connection while the client is still writing.
    outgoing.on('error', (error) => (status === undefined ? reject(error) : resolve(status)));
    for (let chunk = 0; chunk < chunkCount; chunk++) outgoing.write(Buffer.alloc(16 * 1024, 'x'));
    outgoing.end();
  });
}

test.each([9, 64, 4096])(
  'answers 413 to a chunked body of %i × 16 KiB and hands nothing past the limit to the route',
  async (count) => {
    expect(await postChunked(count)).toBe(413);
    expect(receivedBytes).toBeLessThanOrEqual(128 * 1024);
  },
);

test('reads a chunked body below the limit whole', async () => {
  expect(await postChunked(8)).toBe(200);
  expect(receivedBytes).toBe(128 * 1024);
});
