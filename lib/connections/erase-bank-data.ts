import 'server-only';
import type { Context } from '#lib/context/context';

const BATCH = 20_000;

/**
 * Removes the rows there may be a million of, some at a time and each time for good, so that the transaction which removes the
 * rest is short. Only of a connection that is being erased: whoever breaks off in between goes on where it was.
 */
export async function eraseTransactions(ctx: Context, connectionId: string): Promise<void> {
  let erased = BATCH;
  while (erased === BATCH) {
    erased = await ctx.db.$executeRaw`
      delete from transactions where id in (
        select t.id from transactions t join accounts a on a.id = t.account_id
        where a.connection_id = ${connectionId}::uuid limit ${BATCH})`;
  }
}

/**
 * Removes all that the bank told us of this connection, in the caller's transaction. What stays is that it was, when, and
 * what was agreed to. Taking the sync's lease away fences a sync that is just running: it can store nothing any more.
 */
export async function eraseBankData(ctx: Context, connectionId: string): Promise<void> {
  if (!ctx.isInTransaction) throw new Error('eraseBankData outside a transaction');
  const { db } = ctx;
  const where = { connectionId };
  await db.connection.update({
    where: { id: connectionId },
    data: {
      syncLeaseId: null,
      syncLeaseUntil: null,
      credentialsId: null,
      maybeSameAsId: null,
      lastErrorCode: null,
      lastErrorAt: null,
      erasedAt: ctx.clock.now(),
    },
    select: { id: true },
  });
  // Accounts may have come from an older connection of the same login, with what was told about them there.
  const accounts = await db.bankAccount.findMany({ where, select: { id: true } });
  const about = { OR: [{ connectionId }, { accountId: { in: accounts.map(({ id }) => id) } }] };
  await db.bankAnswer.deleteMany({ where: about });
  await db.setAsideRow.deleteMany({ where: about });
  await db.truelayerCall.deleteMany({ where: about });
  await db.holderDetails.deleteMany({ where: { OR: [where, { connection: { replacedById: connectionId } }] } });
  await db.bankAccount.deleteMany({ where });
  await db.pairingQuestion.deleteMany({ where });
  await db.connectionResource.deleteMany({ where });
  await db.syncTask.deleteMany({ where });
  await db.syncRun.deleteMany({ where });
}
