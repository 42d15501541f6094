import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { isSameBank } from '#lib/banks/same-bank';
import { beginStop } from '#lib/connections/begin-stop';
import { settleStatus } from '#lib/connections/settle-status';
import type { Context } from '#lib/context/context';
import { mergeAccounts } from './merge-accounts.ts';

type Owner = { connectionId: string; userId: string };
type Face = { id: string; kind: string; numberHash: Uint8Array | null };
type Twin = { laterId: string; earlierId: string };

/**
 * After a connection's accounts were listed: does the person have some of them through an older connection? If all of that
 * one's are here, it was the same login: the newer connection takes them over with their history, and the older one is ended.
 * If only some are, each is counted once, and the person is asked. In the caller's transaction.
 */
export async function settleSameLogin(ctx: Context, owner: Owner): Promise<void> {
  const listed = await presentAccounts(ctx, owner.connectionId);
  for (const olderId of await listOlder(ctx, owner)) {
    const older = await presentAccounts(ctx, olderId);
    const twins = pairTwins(listed, older);
    if (twins.length === 0) continue;
    if (twins.length === older.length) await takeOver(ctx, owner, olderId, twins);
    else await noteTwins(ctx, owner, olderId, twins);
  }
}

function presentAccounts(ctx: Context, connectionId: string): Promise<Face[]> {
  return ctx.db.bankAccount.findMany({
    where: { connectionId, goneAt: null },
    select: { id: true, kind: true, numberHash: true },
  });
}

async function listOlder(ctx: Context, { connectionId, userId }: Owner): Promise<string[]> {
  const own = await ctx.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { bankId: true, connectedAt: true },
  });
  const rows = await ctx.db.connection.findMany({
    where: {
      userId,
      endedAt: null,
      revokingSince: null,
      id: { not: connectionId },
      connectedAt: { lte: own.connectedAt },
    },
    select: { id: true, bankId: true, connectedAt: true },
    orderBy: { connectedAt: 'asc' },
  });
  // Ids are in the order of their making: of two of one instant only the later one looks for the other.
  const isOlder = (row: { id: string; connectedAt: Date }) =>
    row.connectedAt < own.connectedAt || row.id < connectionId;
  return rows.filter((row) => isSameBank(row.bankId, own.bankId) && isOlder(row)).map(({ id }) => id);
}

/** By number, and only where on either side exactly one account has it: some banks give one number to several. */
function pairTwins(later: readonly Face[], earlier: readonly Face[]): Twin[] {
  const byNumber = (faces: readonly Face[], face: Face) =>
    faces.filter(({ kind, numberHash }) => kind === face.kind && isSame(numberHash, face.numberHash));
  return later.flatMap((face) => {
    const [twin, second] = byNumber(earlier, face);
    const isUnique = second === undefined && byNumber(later, face).length === 1;
    return twin !== undefined && isUnique ? [{ laterId: face.id, earlierId: twin.id }] : [];
  });
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one !== null && other !== null && Buffer.from(one).equals(other);
}

async function takeOver(ctx: Context, owner: Owner, olderId: string, twins: readonly Twin[]): Promise<void> {
  for (const { laterId, earlierId } of twins) await mergeAccounts(ctx, { fromId: laterId, intoId: earlierId });
  await ctx.db.bankAccount.updateMany({
    where: { connectionId: owner.connectionId, twinOfId: { not: null } },
    data: { twinOfId: null },
  });
  await ctx.db.connection.update({
    where: { id: owner.connectionId },
    data: { maybeSameAsId: null },
    select: { id: true },
  });
  const older = await ctx.db.connection.update({
    where: { id: olderId },
    data: { replacedById: owner.connectionId },
    select: { firstDataAt: true, lastSyncedAt: true },
  });
  if (older.firstDataAt !== null) await showData(ctx, owner, older.lastSyncedAt);
  await beginStop(ctx, olderId, { erases: false, reason: 'replaced' });
  await recordAudit(ctx, {
    action: 'connection.replaced',
    subject: { kind: 'connection', id: olderId },
    connectionId: olderId,
    personId: owner.userId,
    after: { replacedById: owner.connectionId, accounts: twins.length },
  });
}

/** With the accounts comes what is there of them, as old as it is: nobody has to wait for the day's next calls to see it. */
async function showData(ctx: Context, { connectionId }: Owner, syncedAt: Date | null): Promise<void> {
  const now = ctx.clock.now();
  const { firstDataAt, lastSyncedAt } = await ctx.db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { firstDataAt: true, lastSyncedAt: true },
  });
  const facts = { firstDataAt: firstDataAt ?? now, lastSyncedAt: lastSyncedAt ?? syncedAt };
  await settleStatus(ctx, connectionId, { facts, reason: 'took_over' });
  await ctx.db.attempt.updateMany({ where: { connectionId, firstDataAt: null }, data: { firstDataAt: now } });
}

async function noteTwins(ctx: Context, owner: Owner, olderId: string, twins: readonly Twin[]): Promise<void> {
  for (const { laterId, earlierId } of twins) {
    await ctx.db.bankAccount.update({ where: { id: laterId }, data: { twinOfId: earlierId }, select: { id: true } });
  }
  await ctx.db.connection.update({
    where: { id: owner.connectionId },
    data: { maybeSameAsId: olderId },
    select: { id: true },
  });
}
