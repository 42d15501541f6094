import 'server-only';
import { settleStatus } from '#lib/connections/settle-status';
import type { Context } from '#lib/context/context';
import type { SyncSession } from './session.ts';

/** Something of the person's own is there to be seen: from now on the connection is no longer waited for. */
export async function noteFirstData(ctx: Context, session: SyncSession): Promise<void> {
  if (session.tally.hasData) return;
  session.tally.hasData = true;
  const { id, firstDataAt } = session.connection;
  if (firstDataAt !== null) return;
  const now = ctx.clock.now();
  await settleStatus(ctx, id, { facts: { firstDataAt: now }, reason: 'first_data' });
  await ctx.db.attempt.updateMany({ where: { connectionId: id, firstDataAt: null }, data: { firstDataAt: now } });
}
