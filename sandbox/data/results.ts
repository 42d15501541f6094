import { type Context, Hono } from 'hono';
import type { Connection, Task } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { produceBatch } from './batch.ts';
import { findEarlyRefusal, isRefusal, reopen } from './call.ts';
import { produceBody } from './produce.ts';
import { findResource } from './resource.ts';
import { acceptsGzip, sendBody, sendRefusal } from './send.ts';
import { toReceipt } from './start-task.ts';
import { withConnection } from './with-connection.ts';

export function resultRoutes(world: World): Hono {
  const app = new Hono();
  app.get('/results/:task', (c) =>
    withConnection(world, c, (connection) => {
      const task = world.store.tasks.find(c.req.param('task'));
      // Somebody else's task looks like one that never was.
      if (task === null || task.credentialsId !== connection.credentialsId)
        return sendRefusal(c, { error: 'not_found' });
      return sendTask(world, c, connection, task);
    }),
  );
  app.get('/batch/results', (c) =>
    withConnection(world, c, (connection) => {
      const isOurs = (task: Task) => task.batch !== null && task.credentialsId === connection.credentialsId;
      const latest = world.store.tasks.list().findLast(isOurs);
      return latest === undefined ? sendRefusal(c, { error: 'not_found' }) : sendTask(world, c, connection, latest);
    }),
  );
  return app;
}

async function sendTask(world: World, c: Context, connection: Connection, task: Task): Promise<Response> {
  const state = world.tasks.stateOf(task);
  if (state === 'Queued' || state === 'Running') return c.json(toReceipt(world, task, state), 202);
  if (task.failure !== null) {
    const { error, description } = task.failure;
    return c.json({ status: 'Failed', error, error_description: description, results: [] });
  }
  if (task.batch !== null) return c.json(produceBatch(world, connection, task));
  const resource = findResource(task.uri.split('?')[0] ?? '');
  if (resource === null) return sendRefusal(c, { error: 'not_found' });
  const refusal = findEarlyRefusal(world, connection, resource);
  if (refusal !== null) return sendRefusal(c, refusal);
  const call = { connection, resource, window: task.window, isAttended: true, question: task.uri };
  const reached = reopen(world, call, task.requestedAt);
  if (isRefusal(reached)) return sendRefusal(c, reached);
  const body = await produceBody(world, reached, acceptsGzip(c));
  return 'error' in body ? sendRefusal(c, body) : sendBody(c, body, task.requestedAt);
}
