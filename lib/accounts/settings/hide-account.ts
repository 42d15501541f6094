import 'server-only';
import type { Context } from '#lib/context/context';
import { changeAccount } from './change-account.ts';

/**
 * Leaves an account out of lists and totals, or shows it again. It is synced all the same.
 * @throws {NotFoundError}
 */
export async function hideAccount(
  ctx: Context,
  { accountId, isHidden }: { accountId: string; isHidden: boolean },
): Promise<void> {
  await changeAccount(ctx, accountId, {
    action: isHidden ? 'account.hidden' : 'account.shown',
    data: { hiddenAt: isHidden ? ctx.clock.now() : null },
  });
}
