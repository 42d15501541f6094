import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import type { Actor } from '#lib/actor/actor';
import { type Database, database, type Tx } from '#lib/db/client';
import { countSeals } from '#lib/keys/count-seals';
import type { Log } from '#lib/log/log';
import { log } from '#lib/log/log';
import type { Clock } from '#lib/time/clock';
import { currentClock } from './clock.ts';

/** What every verb is given: who acts, when, on whose behalf in the logs, and in which transaction if there is one. */
export type Context = {
  readonly actor: Actor;
  readonly clock: Clock;
  readonly requestId: string;
  /** Where a live request came from, as far as it can be believed; null for jobs. */
  readonly callerAddress: string | null;
  readonly log: Log;
  readonly db: Database | Tx;
  readonly isInTransaction: boolean;
};

type ContextInput = {
  actor: Actor;
  requestId?: string | undefined;
  callerAddress?: string | null;
  clock?: Clock;
  log?: Log;
};

export async function createContext(input: ContextInput): Promise<Context> {
  const requestId = input.requestId ?? uuidv4();
  await countSeals();
  return {
    actor: input.actor,
    clock: input.clock ?? (await currentClock()),
    requestId,
    callerAddress: input.callerAddress ?? null,
    log: (input.log ?? log()).with({ requestId }),
    db: database(),
    isInTransaction: false,
  };
}

/** The same request or job, acting as somebody else: a webhook that turned into a system's work, say. */
export function actingAs(ctx: Context, actor: Actor): Context {
  return { ...ctx, actor };
}

/** Runs `work` in the caller's transaction, or in one of its own. */
export async function inTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (ctx.isInTransaction) return work(ctx);
  return database().$transaction((tx) => work({ ...ctx, db: tx, isInTransaction: true }));
}
