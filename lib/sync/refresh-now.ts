import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Presence } from '#lib/auth/presence';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { type Limit, takeForCaller } from '#lib/limits/take';
import type { Resource } from './resource.ts';
import { type SyncReport, syncConnection } from './sync-connection.ts';

const RESOURCES: readonly Resource[] = ['accounts', 'cards', 'balance', 'transactions', 'pending'];

const REFRESHES: Limit = { name: 'refreshes', times: 30, inSeconds: 15 * 60 };

export type RefreshInput = { connectionId: string; presence: Presence | null };

/**
 * A person asks for their data now. Their presence makes the calls free of the day's four; where their address isn't known
 * (a private one, outside local) the same calls count, and may be refused for that.
 * @throws {AppError} rate_limited
 */
export async function refreshNow(ctx: Context, { connectionId, presence }: RefreshInput): Promise<SyncReport> {
  const person = requirePerson(ctx.actor);
  if (presence !== null && presence.userId !== person.userId) throw new AppError('forbidden', 'not_present');
  await takeForCaller(ctx, REFRESHES);
  return syncConnection(ctx, { connectionId, presence, trigger: 'person', resources: RESOURCES });
}
