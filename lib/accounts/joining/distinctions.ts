import 'server-only';
import type { Context } from '#lib/context/context';

/** Notes that the user said that an account is none of these: they are not asked about them again. */
export async function noteDistinct(ctx: Context, accountId: string, otherIds: readonly string[]): Promise<void> {
  await ctx.db.$executeRaw`
    insert into account_distinctions (account_id, other_id, said_at)
    select least(${accountId}::uuid, a.id), greatest(${accountId}::uuid, a.id), ${ctx.clock.now()}
    from accounts a where a.id = any(${[...otherIds]}::uuid[]) and a.id <> ${accountId}::uuid
    on conflict do nothing`;
}

/** The user says that the two are the same after all. */
export async function forgetDistinct(ctx: Context, accountId: string, otherId: string): Promise<void> {
  const [one = '', other = ''] = [accountId, otherId].sort();
  await ctx.db.accountDistinction.deleteMany({ where: { accountId: one, otherId: other } });
}
