import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';
import { addUser } from './link-person.ts';

export type AddedAccount = { userId: string; connectionId: string; accountId: string };

/** An account of a new person at a bank that nobody has called: for what begins at the storing. */
export async function addAccount(
  ctx: Context,
  input: { bankId?: string; kind?: 'account' | 'card'; connectionId?: string; userId?: string } = {},
): Promise<AddedAccount> {
  const { bankId = 'ob-test', kind = 'account' } = input;
  const userId = input.userId ?? (await addUser(ctx));
  const connectionId = input.connectionId ?? (await addBareConnection(ctx, { userId, bankId }));
  const accountId = uuidv7();
  const now = ctx.clock.now();
  await ctx.db.bankAccount.create({
    data: {
      id: accountId,
      connectionId,
      userId,
      kind,
      truelayerId: accountId,
      displayName: 'Current account',
      currency: 'GBP',
      firstSeenAt: now,
      lastListedAt: now,
    },
    select: { id: true },
  });
  return { userId, connectionId, accountId };
}

export async function addBareConnection(ctx: Context, input: { userId: string; bankId?: string }): Promise<string> {
  const { userId, bankId = 'ob-test' } = input;
  const id = uuidv7();
  const now = ctx.clock.now();
  await ctx.db.bank.createMany({
    data: [{ id: bankId, displayName: bankId, country: 'uk', firstSeenAt: now, lastSeenAt: now }],
    skipDuplicates: true,
  });
  await ctx.db.connection.create({
    data: {
      id,
      userId,
      bankId,
      bankName: bankId,
      status: 'active',
      statusChangedAt: now,
      consentExpiresAt: addMs(now, 60 * DAY_MS),
      authenticatedAt: addMs(now, -DAY_MS),
      connectedAt: now,
      firstDataAt: now,
      lastSyncedAt: now,
    },
    select: { id: true },
  });
  return id;
}
