import 'server-only';
import { settleStatus } from '#lib/connections/settle-status';
import { allowsUnattended } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { type ActionInput, actOnConnection } from './act.ts';
import { MARKED_BY_TEAM } from './diagnose.ts';

/**
 * From now on no job calls the bank, and the person is asked to log in there. A new login clears it, as it does any refusal.
 * @throws {AppError} conflict `not_in_use`
 */
export function markForLogin(ctx: Context, input: ActionInput): Promise<void> {
  return actOnConnection(ctx, input, {
    name: 'connection.marked_for_login',
    work: async (tx, { id, status }) => {
      if (!allowsUnattended(status)) throw new AppError('conflict', 'not_in_use', { fields: { status } });
      await settleStatus(tx, id, {
        facts: { grantRefusedAt: tx.clock.now() },
        data: { grantRefusedCode: MARKED_BY_TEAM },
        reason: MARKED_BY_TEAM,
      });
    },
  });
}
