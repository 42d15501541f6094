import 'server-only';
import type { Presence } from '#lib/auth/presence';
import type { Context } from '#lib/context/context';
import { ask } from '#lib/queue/ask';
import type { Resource } from './resource.ts';
import type { Pause } from './session.ts';
import { type SyncReport, syncConnection } from './sync-connection.ts';

/** What wants a fresh sign-in or would eat into the four calls of the day; booked and pending rows are left to a job. */
const ATTENDED: readonly Resource[] = ['accounts', 'cards', 'info', 'balance', 'direct_debits', 'standing_orders'];

export type FirstPassInput = { connectionId: string; presence: Presence | null; pause?: Pause };

/**
 * The first look at a new connection, while the user waits on the landing page. Where it is not known yet how many rows and
 * days the bank returns at once, the history comes too: it may take many requests, which a job doesn't have. Then a job
 * fetches the rest, whatever came of this: it is asked for before anything can go wrong a second time. Where the user's own
 * address isn't known every call would count, so that all four are left to the job; null then.
 */
export async function firstAttendedPass(ctx: Context, input: FirstPassInput): Promise<SyncReport | null> {
  const { connectionId, presence } = input;
  try {
    if (presence === null) return null;
    return await syncConnection(ctx, { ...input, trigger: 'first', resources: ATTENDED, isFirstPass: true });
  } finally {
    await ask(ctx, 'connection.sync', { connectionId }, { key: `${connectionId} now` });
  }
}
