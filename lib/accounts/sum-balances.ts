import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { IS_IN_TOTALS } from './shown-accounts.ts';

export type Total = { currency: string; amount: string; accounts: number };

/** What a person has, by currency: their accounts, less what is owed on cards. Added up exactly, in the database. */
export async function sumBalances(ctx: Context): Promise<Total[]> {
  const person = requirePerson(ctx.actor);
  return ctx.db.$queryRaw<Total[]>`
    select coalesce(a.balance_currency, a.currency) as currency, count(*)::int as accounts,
      sum(case when a.kind = 'card' then -a.current_balance else a.current_balance end)::text as amount
    from accounts a join connections c on c.id = a.connection_id
    where a.user_id = ${person.userId}::uuid and a.current_balance is not null and a.gone_at is null and c.ended_at is null
      and ${IS_IN_TOTALS}
    group by 1 order by count(*) desc, 1`;
}
