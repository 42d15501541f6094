import 'server-only';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { DAY_MS } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { findTokenRow } from './token-row.ts';
import { type AccessToken, GrantRefusedError, getAccessToken } from './tokens.ts';

/** Then the tokens are destroyed even though TrueLayer has never confirmed it: our promise doesn't hang on it. */
export const PATIENCE_MS = 7 * DAY_MS;

/** TrueLayer has taken the end of an access to note and still gives it: it has to be told again. */
export class StillOpenError extends AppError {
  constructor() {
    super('unavailable', 'access_still_open');
  }
}

/**
 * Ends every grant of a connection at TrueLayer: the one in use, and those that were on their way out.
 * @throws {TrueLayerError} passing faults; {@link StillOpenError}
 */
export async function revokeGrants(ctx: Context, connectionId: string): Promise<'truelayer' | 'already_gone'> {
  const wasOpen = await revokeGrant(ctx, { connectionId, role: 'current' });
  const wasOutgoing = await revokeOutgoing(ctx, connectionId);
  return wasOpen || wasOutgoing ? 'truelayer' : 'already_gone';
}

/** Ends the grants that are on their way out, and destroys the tokens of each as soon as it is done. True when one was open. */
async function revokeOutgoing(ctx: Context, connectionId: string): Promise<boolean> {
  let wasOpen = false;
  let row = await findTokenRow(ctx, connectionId, 'outgoing');
  while (row !== null) {
    if (await revokeOutgoingGrant(ctx, { connectionId, tokensId: row.id })) wasOpen = true;
    row = await findTokenRow(ctx, connectionId, 'outgoing');
  }
  return wasOpen;
}

/** Ends one of them. True when it was open. */
export async function revokeOutgoingGrant(
  ctx: Context,
  { connectionId, tokensId }: { connectionId: string; tokensId: string },
): Promise<boolean> {
  const wasOpen = await revokeGrant(ctx, { connectionId, role: 'outgoing', tokensId });
  await ctx.db.connectionTokens.deleteMany({ where: { id: tokensId } });
  return wasOpen;
}

/** TrueLayer's trouble or somebody's turn, and no mistake of ours: it counts towards the patience. */
export function mayPass(error: unknown): boolean {
  return error instanceof TrueLayerError || error instanceof AppError;
}

type Doomed = { connectionId: string; role: 'current' } | { connectionId: string; role: 'outgoing'; tokensId: string };

/** True when there was something to end. Proof of the end is that TrueLayer gives no fresh token any more. */
async function revokeGrant(ctx: Context, grant: Doomed): Promise<boolean> {
  const token = await findLiveToken(ctx, grant);
  if (token === null) return false;
  const used = await revokeBy(ctx, grant, token);
  if (used === null) return true;
  if ((await findLiveToken(ctx, grant, used.generation)) !== null) throw new StillOpenError();
  return true;
}

/** A token that is refused may have been superseded a moment ago: only when there is no fresher one is the access gone. */
async function revokeBy(ctx: Context, grant: Doomed, token: AccessToken): Promise<AccessToken | null> {
  try {
    await trueLayer().revoke({ accessToken: token.accessToken });
    return token;
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  const fresh = await findLiveToken(ctx, grant, token.generation);
  if (fresh === null) return null;
  await trueLayer().revoke({ accessToken: fresh.accessToken });
  return fresh;
}

/** Null when no token is left, or TrueLayer gives none any more: then there is nothing to end. */
async function findLiveToken(ctx: Context, grant: Doomed, refused?: number): Promise<AccessToken | null> {
  const { connectionId, ...which } = grant;
  try {
    return await getAccessToken(ctx, connectionId, { ...which, ...(refused === undefined ? {} : { refused }) });
  } catch (error) {
    if (error instanceof GrantRefusedError || error instanceof NotFoundError) return null;
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof TrueLayerError && (error.httpStatus === 401 || error.httpStatus === 403);
}
