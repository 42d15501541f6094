import 'server-only';
import type { Context } from '#lib/context/context';
import type { Me } from '#lib/truelayer/identity-schemas';

export type FiledBank = { id: string; displayName: string; country: string };

/** A bank that TrueLayer names and our list doesn't know is added, unlisted: connections refer to it. */
export async function fileBank(ctx: Context, bankId: string, me: Me | null): Promise<FiledBank> {
  const now = ctx.clock.now();
  await ctx.db.bank.createMany({
    data: [
      {
        id: bankId,
        displayName: me?.bank.displayName ?? bankId,
        country: 'uk',
        logoUrl: me?.bank.logoUrl ?? null,
        isListed: false,
        firstSeenAt: now,
        lastSeenAt: now,
      },
    ],
    skipDuplicates: true,
  });
  return ctx.db.bank.findUniqueOrThrow({
    where: { id: bankId },
    select: { id: true, displayName: true, country: true },
  });
}
