import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import type { TokenClaims } from './signer.ts';

export type Bearer =
  | { ok: true; connection: Connection; claims: TokenClaims }
  | { ok: false; error: 'unauthorized' | 'invalid_token'; description: string; connection: Connection | null };

/** Whose token this is, and whether it still opens anything. */
export async function readBearer(world: World, authorization: string | undefined): Promise<Bearer> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return refuse('unauthorized', 'A bearer token is required.');
  const claims = await world.signer.read(token);
  if (claims === null) return refuse('invalid_token', 'The token is malformed.');
  const connection = world.store.connections.find(claims.sub);
  if (connection === null) return refuse('unauthorized', 'The token opens no connection.');
  if (claims.exp * 1000 <= world.clock.nowMs()) {
    const at = new Date(claims.exp * 1000).toISOString().replace('T', ' ').replace(/\.\d+/, '');
    return refuse('invalid_token', `The token expired at '${at}'`, connection);
  }
  const isNewest = connection.accessTokenId === claims.jti;
  if (!isNewest && world.switches.current().superseded_access_tokens === 'refused') {
    return refuse('unauthorized', 'The token has been superseded.', connection);
  }
  return { ok: true, connection, claims };
}

function refuse(error: 'unauthorized' | 'invalid_token', description: string, connection: Connection | null = null) {
  return { ok: false as const, error, description, connection };
}
