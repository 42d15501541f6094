import 'server-only';
import { nameOf } from '#lib/accounts/account-name';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { addMs, DAY_MS } from '#lib/time/span';

const RECENT_MS = 90 * DAY_MS;
const MOST_RECENT = 4;

export type KnownBanks = {
  /** Banks of which this person has a connection that goes on. */
  linkedIds: string[];
  /** Banks that they went to and have no connection with now, newest first. */
  recentIds: string[];
};

/** The banks that this person has had to do with here. */
export async function listKnownBanks(ctx: Context): Promise<KnownBanks> {
  const { userId } = requirePerson(ctx.actor);
  const [linked, tried] = await Promise.all([
    ctx.db.connection.findMany({ where: { userId, endedAt: null }, select: { bankId: true }, distinct: ['bankId'] }),
    ctx.db.attempt.findMany({
      where: { userId, bankId: { not: null }, createdAt: { gte: addMs(ctx.clock.now(), -RECENT_MS) } },
      select: { bankId: true },
      orderBy: { createdAt: 'desc' },
      take: 50,
    }),
  ]);
  const linkedIds = linked.map(({ bankId }) => bankId);
  const triedIds = [...new Set(tried.flatMap(({ bankId }) => (bankId === null ? [] : [bankId])))];
  return { linkedIds, recentIds: triedIds.filter((id) => !linkedIds.includes(id)).slice(0, MOST_RECENT) };
}

export type LinkedLogin = { connectionId: string; connectedAt: Date; accounts: string[] };

/** What this person has linked at one bank already, oldest first. */
export async function listLoginsAt(ctx: Context, bankId: string): Promise<LinkedLogin[]> {
  const { userId } = requirePerson(ctx.actor);
  const rows = await ctx.db.connection.findMany({
    where: { userId, bankId, endedAt: null, revokingSince: null },
    select: {
      id: true,
      connectedAt: true,
      accounts: { select: { displayName: true, ownName: true }, where: { goneAt: null }, orderBy: { position: 'asc' } },
    },
    orderBy: { connectedAt: 'asc' },
  });
  return rows.map((row) => ({
    connectionId: row.id,
    connectedAt: row.connectedAt,
    accounts: row.accounts.map(nameOf),
  }));
}
