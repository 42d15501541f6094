import 'server-only';
import type { Context } from '#lib/context/context';

/** The account itself, then those that were joined into it, whose rows are shown with its own. */
export async function listGroupIds(ctx: Context, accountId: string): Promise<[string, ...string[]]> {
  const joined = await ctx.db.bankAccount.findMany({
    where: { joinedIntoId: accountId },
    select: { id: true },
    orderBy: [{ joinedAt: 'desc' }, { id: 'asc' }],
  });
  return [accountId, ...joined.map(({ id }) => id)];
}
