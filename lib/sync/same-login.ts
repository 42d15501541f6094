import 'server-only';
import { joinAccount } from '#lib/accounts/joining/join';
import { recordAudit } from '#lib/audit/record';
import { isSameBank } from '#lib/banks/same-bank';
import { beginStop } from '#lib/connections/begin-stop';
import { settleStatus } from '#lib/connections/settle-status';
import type { Context } from '#lib/context/context';
import { adoptAccount, isWithoutHistory } from './adopt-account.ts';
import { askAboutAccount } from './ask-about-account.ts';
import { compareLogins, type LoginMatch } from './compare-logins.ts';
import { listKnownAccounts } from './known-accounts.ts';

type Owner = { connectionId: string; userId: string };

/**
 * After a connection's accounts were listed: does the user have some of them through an older connection? If all of that
 * one's are here, it was the same login: the newer connection takes them over with their history, and the older one is ended.
 * If only some are, each is counted once, and the user is asked. In the caller's transaction.
 */
export async function settleSameLogin(ctx: Context, owner: Owner, hashKey: Buffer): Promise<void> {
  const listed = (connectionId: string) =>
    listKnownAccounts(ctx, { connectionId, goneAt: null }, { connectionId, hashKey });
  for (const olderId of await listOlder(ctx, owner)) {
    const match = compareLogins(await listed(owner.connectionId), await listed(olderId));
    if (match.isSameLogin) await takeOver(ctx, owner, olderId, match);
    else if (match.twins.length > 0) await noteTwins(ctx, owner, olderId, match);
  }
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

async function takeOver(ctx: Context, owner: Owner, olderId: string, match: LoginMatch): Promise<void> {
  const { connectionId } = owner;
  for (const { laterId, earlierId } of match.twins) {
    if (await isWithoutHistory(ctx, laterId)) await adoptAccount(ctx, { listedId: laterId, knownId: earlierId });
    else await joinAccount(ctx, { accountId: earlierId, rootId: laterId });
  }
  for (const { laterId, earlierIds } of match.unsure) {
    await askAboutAccount(ctx, {
      connectionId,
      accountId: laterId,
      candidateIds: earlierIds,
      reason: 'ambiguous',
    });
  }
  await ctx.db.bankAccount.updateMany({
    where: { connectionId, twinOfId: { not: null } },
    data: { twinOfId: null },
  });
  await ctx.db.connection.update({ where: { id: connectionId }, data: { maybeSameAsId: null }, select: { id: true } });
  const older = await ctx.db.connection.update({
    where: { id: olderId },
    data: { replacedById: connectionId },
    select: { firstDataAt: true, lastSyncedAt: true },
  });
  if (older.firstDataAt !== null) await showData(ctx, owner, older.lastSyncedAt);
  await beginStop(ctx, olderId, { erases: false, reason: 'replaced' });
  await recordAudit(ctx, {
    action: 'connection.replaced',
    subject: { kind: 'connection', id: olderId },
    connectionId: olderId,
    personId: owner.userId,
    after: { replacedById: connectionId, accounts: match.twins.length },
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

async function noteTwins(ctx: Context, owner: Owner, olderId: string, { twins }: LoginMatch): Promise<void> {
  for (const { laterId, earlierId } of twins) {
    await ctx.db.bankAccount.update({ where: { id: laterId }, data: { twinOfId: earlierId }, select: { id: true } });
  }
  await ctx.db.connection.update({
    where: { id: owner.connectionId },
    data: { maybeSameAsId: olderId },
    select: { id: true },
  });
}
