import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainUnknownAction } from './unknown-action.ts';

let server: Server;

/** Answers as Next.js does: `/unknown` names an action that it does not have. */
beforeAll(async () => {
  server = createServer((request, response) => {
    explainUnknownAction(request, response);
    request.resume();
    response.setHeader('X-Request-Id', 'request-1');
    if (request.url === '/unknown') {
      response.statusCode = 409;
      response.setHeader('x-nextjs-action-not-found', '1');
    }
    response.setHeader('Content-Type', 'text/plain');
    response.setHeader('Content-Length', 4);
    response.end('text');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function post(path: string, headers: HeadersInit = {}, body: BodyInit = new FormData()): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
}

test('answers a form without scripts for an unknown action with a page that has words, a link and a reference', async () => {
  const response = await post('/unknown');
  expect(response.status).toBe(409);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await response.text();
  expect(html).toContain('<h1>This page is out of date</h1>');
  expect(html).toContain('<a href="">Open the page again</a>');
  expect(html).toContain('Reference: request-1');
  expect(html).toMatch(/<\/html>$/);
});

test.each([
  ['a form whose action is known', () => post('/known')],
  ['a call by our scripts, which read the header alone', () => post('/unknown', { 'Next-Action': 'abc' })],
  ['a body that is no form', () => post('/unknown', {}, 'text')],
])('leaves the answer to %s as it is', async (_name, send) => {
  const response = await send();
  expect(response.headers.get('content-type')).toBe('text/plain');
  expect(await response.text()).toBe('text');
});
