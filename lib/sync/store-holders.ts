import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { seal } from '#lib/crypto/seal';
import type { Holder } from '#lib/truelayer/identity-schemas';

/** Who the bank says the holders are, each sealed as one document; a complete answer takes the place of the one before. */
export async function storeHolders(ctx: Context, connectionId: string, holders: readonly Holder[]): Promise<void> {
  const seenAt = ctx.clock.now();
  await ctx.db.holderDetails.deleteMany({ where: { connectionId } });
  await ctx.db.holderDetails.createMany({
    data: holders.map((holder, position) => {
      const id = uuidv7();
      const cell = { table: 'holder_details', column: 'details_sealed', rowId: id };
      return { id, connectionId, position, detailsSealed: seal(cell, JSON.stringify(holder)), seenAt };
    }),
  });
}
