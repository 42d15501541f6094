import { type Context, Hono } from 'hono';
import { readBearer } from '#sandbox/grants/bearer';
import { endConnection, isExpired } from '#sandbox/grants/connections';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { parseObject, sendAuthError } from './answers.ts';

export function revokeRoutes(world: World): Hono {
  const app = new Hono();
  app.delete('/api/delete', async (c) => {
    const bearer = await readBearer(world, c.req.header('Authorization'));
    if (!bearer.ok) return sendAuthError(c, 401, bearer.error);
    if (bearer.connection.ended?.by === 'client') return sendAuthError(c, 401, 'unauthorized');
    endConnection(world, bearer.connection, 'client');
    return c.body(null, 200);
  });
  app.on(['POST', 'DELETE'], '/api/debug', (c) => answerDebug(world, c));
  return app;
}

/** An id for support, which names the connection to them. */
async function answerDebug(world: World, c: Context): Promise<Response> {
  const token = parseObject(await c.req.text())?.access_token;
  const authorization = typeof token === 'string' ? `Bearer ${token}` : c.req.header('Authorization');
  if (authorization === undefined) return sendAuthError(c, 400, 'invalid_request', 'Invalid access_token');
  const bearer = await readBearer(world, authorization);
  if (!bearer.ok) return sendAuthError(c, 401, 'unauthorized');
  const { connection } = bearer;
  if (connection.ended !== null || isExpired(world, connection)) {
    return sendAuthError(c, 400, 'invalid_request', 'Consent expired or revoked');
  }
  return c.json(toDebug(connection));
}

function toDebug({ credentialsId, providerId }: Connection) {
  const debug_id = `${providerId}|${Buffer.from(credentialsId).toString('base64')}`;
  return { credentials_id: credentialsId, debug_id, provider_id: providerId };
}
