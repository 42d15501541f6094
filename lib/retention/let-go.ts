import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { getSettings } from '#lib/settings/settings';
import { addMs, DAY_MS } from '#lib/time/span';
import { RETENTION_RULES, type RetentionRule } from './rules.ts';

export type LetGo = { table: string; rows: number };

type Options = { signal?: AbortSignal; batchSize?: number };

/** Deletes what has been kept long enough, a batch at a time, so that nobody waits for a lock. Whatever is left goes next time. */
export async function letGo(ctx: Context, { signal, batchSize = 5000 }: Options = {}): Promise<LetGo[]> {
  requireSystem(ctx.actor);
  const settings = await getSettings(ctx);
  const gone: LetGo[] = [];
  for (const rule of RETENTION_RULES) {
    const days = rule.days(settings);
    if (days === null) continue;
    const now = rule.clock === 'app' ? ctx.clock.now() : new Date();
    const rows = await deleteUntil(ctx, { rule, cutoff: addMs(now, -days * DAY_MS), batchSize, signal });
    if (rows > 0) gone.push({ table: rule.table, rows });
  }
  return gone;
}

type Sweep = { rule: RetentionRule; cutoff: Date; batchSize: number; signal: AbortSignal | undefined };

async function deleteUntil(ctx: Context, { rule, cutoff, batchSize, signal }: Sweep): Promise<number> {
  let rows = 0;
  while (signal?.aborted !== true) {
    // The rules are ours, and nothing in them is a caller's.
    const count = await ctx.db.$executeRawUnsafe(
      `delete from ${rule.table} where ctid = any(array(
         select ctid from ${rule.table} where ${rule.isOver} limit $2 for update skip locked))`,
      cutoff,
      batchSize,
    );
    rows += count;
    if (count < batchSize) break;
  }
  return rows;
}
