import type { Presence } from '#lib/auth/presence';
import { findLinkedConnection } from '#lib/connections/get-attempt';
import type { Context } from '#lib/context/context';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';

/**
 * While the person waits on the landing page: what wants a fresh sign-in is fetched in their presence. Whatever this
 * doesn't get to, a job does; so a failure here is noted and nothing more.
 */
export async function fetchWhileWaiting(ctx: Context, attemptId: string, presence: Presence | null): Promise<void> {
  const connectionId = await findLinkedConnection(ctx, attemptId);
  if (connectionId === null) return;
  try {
    await firstAttendedPass(ctx, { connectionId, presence });
  } catch (error) {
    ctx.log.error({ event: 'sync.first_pass_failed', connectionId, error }, 'the first pass failed; the job goes on');
  }
}
