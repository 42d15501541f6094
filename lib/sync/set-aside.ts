import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { seal } from '#lib/crypto/seal';
import { hashOf } from '#lib/crypto/secret';
import type { SetAside } from '#lib/truelayer/rows';

type Origin = { connectionId: string; accountId: string | null; endpoint: string };

/** Keeps what could not be read, sealed and once, so that it can be looked into and the rest go on without it. */
export async function storeSetAside(ctx: Context, origin: Origin, rows: readonly SetAside[]): Promise<void> {
  if (rows.length === 0) return;
  await ctx.db.setAsideRow.createMany({
    data: rows.map(({ reason, path, raw }) => {
      const id = uuidv7();
      return {
        ...origin,
        id,
        reason,
        path,
        rowHash: hashOf(raw),
        rowSealed: seal({ table: 'set_aside_rows', column: 'row_sealed', rowId: id }, raw),
        seenAt: ctx.clock.now(),
      };
    }),
    skipDuplicates: true,
  });
  const reasons = rows.map(({ reason, path }) => `${reason} ${path}`.trim());
  ctx.log.warn(
    { event: 'sync.set_aside', ...origin, count: rows.length, reasons: reasons.slice(0, 5) },
    'rows that could not be read',
  );
}
