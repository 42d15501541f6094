import 'server-only';
import { z } from 'zod';
import { loadConnection } from '#lib/connections/internal';
import type { Context } from '#lib/context/context';
import { openText } from '#lib/crypto/seal';

export type HolderView = {
  fullName: string | null;
  emails: string[];
  phones: string[];
  dateOfBirth: string | null;
  addresses: string[];
};

const Holder = z.object({
  fullName: z.string().nullish(),
  emails: z.array(z.string()).default([]),
  phones: z.array(z.string()).default([]),
  dateOfBirth: z.string().nullish(),
  addresses: z.array(z.record(z.string(), z.unknown())).default([]),
});

/**
 * Who the bank says the holders are, where the person permitted that.
 * @throws {NotFoundError}
 */
export async function listHolders(ctx: Context, { connectionId }: { connectionId: string }): Promise<HolderView[]> {
  const { id } = await loadConnection(ctx, connectionId, { id: true });
  const rows = await ctx.db.holderDetails.findMany({
    where: { connectionId: id },
    select: { id: true, detailsSealed: true },
    orderBy: { position: 'asc' },
  });
  return rows.map((row) => {
    const cell = { table: 'holder_details', column: 'details_sealed', rowId: row.id };
    const { addresses, fullName, dateOfBirth, ...rest } = Holder.parse(JSON.parse(openText(cell, row.detailsSealed)));
    return {
      ...rest,
      fullName: fullName?.trim() ?? null,
      dateOfBirth: dateOfBirth?.slice(0, 10) ?? null,
      addresses: addresses.map(toAddressLine).filter((line) => line !== ''),
    };
  });
}

function toAddressLine(address: Record<string, unknown>): string {
  return ['address', 'city', 'zip', 'country']
    .map((part) => address[part])
    .filter((part) => typeof part === 'string' && part.trim() !== '')
    .join(', ');
}
