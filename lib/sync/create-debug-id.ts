import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { allowsUnattended } from '#lib/connections/status';
import { GrantRefusedError, getAccessToken, TokensBusyError } from '#lib/connections/tokens';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { NotFoundError } from '#lib/errors/app-error';
import { TrueLayerError } from '#lib/truelayer/error';
import { createCallGate } from './call-gate.ts';

/** Under which TrueLayer's support finds a connection, or why there is none. */
export type DebugIdAnswer = { debugId: string; code: null } | { debugId: null; code: string };

/** It reaches no bank and counts nowhere. TrueLayer gives one for a connection that is alive, and not many. */
export async function createDebugId(ctx: Context, { connectionId }: { connectionId: string }): Promise<DebugIdAnswer> {
  requireAdmin(ctx.actor);
  const row = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { bankId: true, status: true },
  });
  if (row === null) throw new NotFoundError('connection');
  if (!allowsUnattended(row.status)) return { debugId: null, code: 'connection_not_in_use' };
  const gate = createCallGate(ctx, { connectionId, bankId: row.bankId });
  try {
    const { accessToken } = await getAccessToken(ctx, connectionId, { gate });
    const { debugId } = await trueLayer().createDebugId({ accessToken }, { gate });
    return { debugId, code: null };
  } catch (error) {
    // The bundle is worth having without it; why it is missing stands in its place.
    if (error instanceof TrueLayerError || error instanceof GrantRefusedError || error instanceof TokensBusyError) {
      return { debugId: null, code: error.code };
    }
    if (error instanceof NotFoundError) return { debugId: null, code: 'no_tokens' };
    throw error;
  }
}
