import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { storeTypedReason } from './typed-reasons.ts';

/**
 * Seals the reasons that reached the database as text: SQL has no keys, so the migration can only move them, and processes of
 * the release before write them while an upgrade is under way. Stopped anywhere, it goes on where it was.
 * @returns how many were sealed
 */
export async function sealMovedReasons(
  ctx: Context,
  { signal, batchSize = 200 }: { signal?: AbortSignal; batchSize?: number } = {},
): Promise<number> {
  requireSystem(ctx.actor);
  let total = 0;
  while (signal?.aborted !== true) {
    const sealed = await inTransaction(ctx, (tx) => sealBatch(tx, batchSize));
    total += sealed;
    if (sealed < batchSize) break;
  }
  return total;
}

async function sealBatch(tx: Context, batchSize: number): Promise<number> {
  const rows = await tx.db.$queryRaw<{ entryId: string; personId: string | null; text: string }[]>`
    delete from reasons_to_seal where entry_id in (
      select entry_id from reasons_to_seal order by entry_id limit ${batchSize}::int for update skip locked)
    returning entry_id as "entryId", person_id as "personId", text`;
  for (const row of rows) await storeTypedReason(tx, row);
  return rows.length;
}
