import { isIP } from 'node:net';
import type { Context } from 'hono';
import { readBearer } from '#sandbox/grants/bearer';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { nameConnection, sendRefusal } from './send.ts';

type Handle = (connection: Connection) => Response | Promise<Response>;

export async function withConnection(world: World, c: Context, handle: Handle): Promise<Response> {
  const bearer = await readBearer(world, c.req.header('Authorization'));
  nameConnection(c, bearer.connection);
  if (!bearer.ok) return sendRefusal(c, bearer);
  const psuIp = c.req.header('X-PSU-IP')?.trim();
  if (psuIp !== undefined && isIP(psuIp) === 0) return sendRefusal(c, { error: 'validation_error' });
  return handle(bearer.connection);
}

/** The person is there: their address came with the call. */
export const isAttended = (c: Context) => c.req.header('X-PSU-IP') !== undefined;
