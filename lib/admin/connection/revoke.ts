import 'server-only';
import { beginStop } from '#lib/connections/begin-stop';
import type { Context } from '#lib/context/context';
import { type ActionInput, actOnConnection } from './act.ts';

/**
 * The team ends a connection; what was fetched is kept for the person, who may erase it. A job tells TrueLayer, as often as
 * it takes.
 * @throws {AppError} conflict `already_stopped`
 */
export function revokeConnection(ctx: Context, input: ActionInput): Promise<void> {
  return actOnConnection(ctx, input, {
    name: 'connection.revoke_asked',
    work: (tx, { id }) => beginStop(tx, id, { erases: false, reason: 'revoked_by_team' }),
  });
}
