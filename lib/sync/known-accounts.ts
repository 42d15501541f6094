import 'server-only';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';
import { DAY_MS, msBetween } from '#lib/time/span';
import { hashStored } from './account-number.ts';
import type { FormerAccount } from './pair-accounts.ts';

/** Some cards come without one; the first balance that names one settles it. */
export const UNKNOWN_CURRENCY = 'XXX';

export type KnownAccount = FormerAccount & { connectionId: string; bankId: string };

/** Stored accounts as {@link pairAccounts} compares them, the last listed first. */
export async function listKnownAccounts(
  ctx: Context,
  where: Prisma.BankAccountWhereInput,
  { connectionId: ownId, hashKey }: { connectionId: string; hashKey: Buffer },
): Promise<KnownAccount[]> {
  const rows = await ctx.db.bankAccount.findMany({
    where,
    select: {
      id: true,
      connectionId: true,
      truelayerId: true,
      kind: true,
      type: true,
      displayName: true,
      currency: true,
      cardNetwork: true,
      numberHash: true,
      numberSealed: true,
      goneAt: true,
      joinedIntoId: true,
      connection: { select: { bankId: true } },
    },
    orderBy: [{ lastListedAt: 'desc' }, { id: 'asc' }],
  });
  const now = ctx.clock.now();
  return rows.map((row) => ({
    id: row.id,
    connectionId: row.connectionId,
    bankId: row.connection.bankId,
    trueLayerId: row.truelayerId,
    kind: row.kind,
    type: row.type,
    name: row.displayName,
    currency: row.currency === UNKNOWN_CURRENCY ? null : row.currency,
    cardNetwork: row.cardNetwork,
    numberHash: hashStored(hashKey, row),
    isOfConnection: row.connectionId === ownId,
    goneDays: row.goneAt === null ? null : Math.floor(msBetween(row.goneAt, now) / DAY_MS),
    isJoined: row.joinedIntoId !== null,
  }));
}
