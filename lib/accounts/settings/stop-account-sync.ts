import 'server-only';
import type { Context } from '#lib/context/context';
import { changeAccount } from './change-account.ts';

/**
 * Stops syncing an account, or resumes it. While it is stopped no call is made for it, whoever asks; what is stored stays. The
 * bank's list of accounts, which names all of them, is fetched as before.
 * @throws {NotFoundError}
 */
export async function stopAccountSync(
  ctx: Context,
  { accountId, isStopped }: { accountId: string; isStopped: boolean },
): Promise<void> {
  await changeAccount(ctx, accountId, {
    action: isStopped ? 'account.sync_stopped' : 'account.sync_resumed',
    data: { syncStoppedAt: isStopped ? ctx.clock.now() : null },
  });
}
