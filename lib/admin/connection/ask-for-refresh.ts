import 'server-only';
import { callsUsedBy } from '#lib/admin/connections/calls-used';
import { allowsUnattended } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { type ActionInput, actOnConnection } from './act.ts';

/**
 * A job looks at the bank as soon as one is free. Nobody of the connection's is there, so it counts among the day's four;
 * when they are spent nothing is asked.
 * @throws {AppError} conflict `sync_not_allowed`; rate_limited `budget_exhausted`
 */
export function askForRefresh(ctx: Context, input: ActionInput): Promise<void> {
  return actOnConnection(ctx, input, {
    name: 'connection.refresh_asked',
    work: async (tx, { id, status, isPerEndpoint }) => {
      if (!allowsUnattended(status)) throw new AppError('conflict', 'sync_not_allowed', { fields: { status } });
      const budget = (await callsUsedBy(tx, [{ id, isPerEndpoint }])).get(id);
      if (budget?.nextFreeAt) {
        throw new AppError('rate_limited', 'budget_exhausted', {
          fields: { nextFreeAt: budget.nextFreeAt.toISOString() },
        });
      }
      await ask(tx, 'connection.sync', { connectionId: id }, { key: id });
    },
  });
}
