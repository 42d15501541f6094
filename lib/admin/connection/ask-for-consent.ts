import 'server-only';
import { allowsUnattended } from '#lib/connections/status';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { ask } from '#lib/queue/ask';
import { type ActionInput, actOnConnection } from './act.ts';

/**
 * TrueLayer is asked anew what it holds of the consent. It reaches no bank, so it costs nothing of the day's calls.
 * @throws {AppError} conflict `sync_not_allowed`
 */
export function askForConsent(ctx: Context, input: ActionInput): Promise<void> {
  return actOnConnection(ctx, input, {
    name: 'connection.consent_read_asked',
    work: async (tx, { id, status }) => {
      if (!allowsUnattended(status)) throw new AppError('conflict', 'sync_not_allowed', { fields: { status } });
      await ask(tx, 'consent.read', { connectionId: id }, { key: id });
    },
  });
}
