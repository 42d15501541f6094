import 'server-only';
import { recordAudit } from '#lib/audit/record';
import type { Context } from '#lib/context/context';

/** Erases what came by permissions that are no longer given, in the caller's transaction. */
export async function eraseDropped(
  ctx: Context,
  { connectionId, personId, dropped }: { connectionId: string; personId: string; dropped: readonly string[] },
): Promise<void> {
  const { db } = ctx;
  const ofAccount = { account: { connectionId } };
  const has = (permission: string) => dropped.includes(permission);
  if (has('transactions')) {
    await db.transaction.deleteMany({ where: ofAccount });
    await db.pendingTransaction.deleteMany({ where: ofAccount });
    await db.recurringPayment.deleteMany({ where: ofAccount });
    await db.transactionEdit.deleteMany({ where: ofAccount });
    await db.undoStep.deleteMany({ where: ofAccount });
    await db.$executeRaw`
      update accounts set covered = '{}', pending_at = null where connection_id = ${connectionId}::uuid`;
  }
  if (has('direct_debits')) await db.directDebit.deleteMany({ where: ofAccount });
  if (has('standing_orders')) await db.standingOrder.deleteMany({ where: ofAccount });
  if (has('info')) await db.holderDetails.deleteMany({ where: { connectionId } });
  const resources = dropped.flatMap((permission) => RESOURCES[permission] ?? []);
  await db.accountResource.deleteMany({ where: { ...ofAccount, resource: { in: resources } } });
  await db.connectionResource.deleteMany({ where: { connectionId, resource: { in: resources } } });
  await db.bankAnswer.deleteMany({ where: { connectionId, resource: { in: resources } } });
  await db.setAsideRow.deleteMany({ where: { connectionId } });
  await recordAudit(ctx, {
    action: 'consent.data_erased',
    subject: { kind: 'connection', id: connectionId },
    connectionId,
    personId,
    before: { permissions: [...dropped] },
  });
}

/** What is fetched by which permission; only those of the groups that may be left out can be dropped. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  transactions: ['transactions', 'pending'],
  direct_debits: ['direct_debits'],
  standing_orders: ['standing_orders'],
  info: ['info'],
};
