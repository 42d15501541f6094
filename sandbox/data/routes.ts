import { setTimeout as wait } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { findBank } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { batchRoutes } from './batch.ts';
import { type Call, findEarlyRefusal, isRefusal, reachBank } from './call.ts';
import { findMeRefusal, toMe } from './me.ts';
import { produceBody } from './produce.ts';
import type { Refusal } from './refusals.ts';
import { findResource, isDated, type Resource } from './resource.ts';
import { resultRoutes } from './results.ts';
import { acceptsGzip, sendBody, sendHead, sendRefusal } from './send.ts';
import { readAsync, startTask } from './start-task.ts';
import { readWindow, type Window } from './window.ts';
import { isAttended, withConnection } from './with-connection.ts';

export function dataRoutes(world: World): Hono {
  const app = new Hono();
  app.get('/me', (c) =>
    withConnection(world, c, (connection) => {
      const refusal = findMeRefusal(world, connection);
      return refusal === null ? sendResults(c, world, [toMe(world, connection)]) : sendRefusal(c, refusal);
    }),
  );
  app.route('/', resultRoutes(world));
  app.route('/', batchRoutes(world));
  app.get('/*', (c) => {
    const resource = findResource(c.req.path.replace(/^\/data\/v1/, '').replace(/(.)\/$/, '$1'));
    if (resource === null) return sendRefusal(c, { error: 'not_found' });
    return withConnection(world, c, (connection) => answer(world, c, connection, resource));
  });
  app.all('/*', (c) => sendRefusal(c, { error: 'not_found' }));
  return app;
}

async function answer(world: World, c: Context, connection: Connection, resource: Resource): Promise<Response> {
  const { searchParams, search } = new URL(c.req.url);
  const early = findEarlyRefusal(world, connection, resource);
  if (early !== null) return sendRefusal(c, early);
  const window = isDated(resource) ? readWindow(searchParams, world.clock.nowMs()) : null;
  if (isWindowRefusal(window)) return sendRefusal(c, window);
  if (c.req.method === 'HEAD') return sendHead(c);
  const question = c.req.path.replace(/^\/data\/v1/, '') + search;
  const call: Call = { connection, resource, window, isAttended: isAttended(c), question };
  const asynchronous = readAsync(world, call, searchParams);
  if (asynchronous === 'sync') return answerNow(world, c, call);
  return 'error' in asynchronous ? sendRefusal(c, asynchronous) : startTask(world, c, call, asynchronous.webhookUri);
}

async function answerNow(world: World, c: Context, call: Call): Promise<Response> {
  const bank = findBank(world, call.connection.providerId);
  const latencyMs = bank === null ? 0 : traitsOf(world, bank).latency_ms;
  if (latencyMs > 0) await wait(latencyMs);
  const reached = reachBank(world, call);
  if (isRefusal(reached)) return sendRefusal(c, reached);
  const body = await produceBody(world, reached, acceptsGzip(c));
  return 'error' in body ? sendRefusal(c, body) : sendBody(c, body, reached.asOfMs);
}

function isWindowRefusal(window: Window | Refusal | null): window is Refusal {
  return window !== null && 'error' in window;
}

function sendResults(c: Context, world: World, results: unknown[]): Response {
  const bytes = Buffer.from(JSON.stringify({ results, status: 'Succeeded' }));
  return sendBody(c, { bytes, isGzipped: false }, world.clock.nowMs());
}
