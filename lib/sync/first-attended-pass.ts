import 'server-only';
import type { Presence } from '#lib/auth/presence';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import type { Resource } from './resource.ts';
import { type SyncReport, syncConnection } from './sync-connection.ts';

/** What wants a fresh sign-in or would eat into the four calls of the day; booked and pending rows are left to a job. */
const ATTENDED: readonly Resource[] = ['accounts', 'cards', 'info', 'balance', 'direct_debits', 'standing_orders'];

export type FirstPassInput = { connectionId: string; presence: Presence | null };

/**
 * The first look at a new connection, while the person waits on the landing page. Then a job fetches the transactions,
 * whatever came of this: it is asked for before anything can go wrong a second time. Where the person's own address isn't
 * known every call would count, so that all four are left to the job; null then.
 */
export async function firstAttendedPass(ctx: Context, input: FirstPassInput): Promise<SyncReport | null> {
  const { connectionId, presence } = input;
  try {
    if (presence === null) return null;
    const resources = await attendedResources(ctx, connectionId);
    return await syncConnection(ctx, { connectionId, presence, trigger: 'first', resources });
  } finally {
    await ask(ctx, 'connection.sync', { connectionId }, { key: `${connectionId} now` });
  }
}

/** The history of a bank that returns few rows takes more requests than a job has: it is fetched while the person is there. */
async function attendedResources(ctx: Context, connectionId: string): Promise<readonly Resource[]> {
  const where = { rowsPerAnswer: { not: null }, connections: { some: { id: connectionId } } };
  return (await ctx.db.bank.count({ where })) > 0 ? [...ATTENDED, 'transactions'] : ATTENDED;
}
