import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { IS_VISIBLE } from '#lib/db/visible-transaction';
import { dayIn, LONDON, type TimeZone } from '#lib/time/calendar';
import { zoneOfCountry } from '#lib/time/country-zone';
import { addDays } from '#lib/time/day';
import { IS_IN_TOTALS } from './shown-accounts.ts';

export type SpendingLine = {
  category: string;
  currency: string;
  /** Positive is spent. Refunds are taken off. */
  thisMonth: string;
  /** Last month up to the same day, so that the two can be compared. */
  lastMonthByNow: string;
};

export type Spending = { month: string; lines: SpendingLine[]; total: SpendingLine | null };

/** What a person has spent this month, by what for, in the currency that they spend most in. Transfers and income are left out. */
export async function sumSpending(ctx: Context): Promise<Spending> {
  const person = requirePerson(ctx.actor);
  const today = dayIn(await zoneOfMost(ctx, person.userId), ctx.clock.now());
  const month = `${today.slice(0, 7)}-01`;
  const lastMonth = `${addDays(month, -1).slice(0, 7)}-01`;
  const rows = await ctx.db.$queryRaw<SpendingLine[]>`
    with told as (
      select t.currency, -t.effect as spent, t.booked_on >= ${month}::date as is_this_month,
        case
          when d.category is not null then d.category
          when d.is_transfer then 'transfer'
          when r.category is not null then r.category
          when x.transaction_id is not null and d.is_transfer is distinct from false then 'transfer'
          when e.category = 'transfer' and d.is_transfer = false then 'other'
          else e.category
        end as category
      from accounts a join connections c on c.id = a.connection_id
      join accounts m on m.user_id = a.user_id and (m.id = a.id or m.joined_into_id = a.id)
      join transactions t on t.account_id = m.id
      join enrichments e on e.transaction_id = t.id
      left join transaction_edits d on d.transaction_id = t.id
      left join transfers x on x.transaction_id = t.id
      left join merchant_rules r on r.user_id = a.user_id and r.merchant_key = e.merchant_key
      where a.user_id = ${person.userId}::uuid and a.gone_at is null and c.ended_at is null and ${IS_VISIBLE}
        and ${IS_IN_TOTALS}
        and (t.booked_on between ${month}::date and ${today}::date
          or t.booked_on between ${lastMonth}::date and least(${today}::date - interval '1 month', ${month}::date - interval '1 day')::date)
    ), spending as (
      select * from told where category not in ('transfer', 'income')
    ), sums as (
      select currency, category, sum(spent) filter (where is_this_month) as this_month,
        sum(spent) filter (where not is_this_month) as last_month
      from spending group by grouping sets ((currency, category), (currency))
    )
    select coalesce(category, '') as category, currency, coalesce(this_month, 0)::text as "thisMonth",
      coalesce(last_month, 0)::text as "lastMonthByNow"
    from sums where currency = (select currency from spending group by currency order by count(*) desc, currency limit 1)
    order by coalesce(this_month, 0) desc, coalesce(last_month, 0) desc`;
  const total = rows.find(({ category }) => category === '') ?? null;
  return { month, lines: rows.filter(({ category }) => category !== ''), total };
}

/** Accounts in several countries have one month together: that of the country with the most of them. */
async function zoneOfMost(ctx: Context, userId: string): Promise<TimeZone> {
  const [row] = await ctx.db.$queryRaw<{ country: string }[]>`
    select b.country from accounts a join connections c on c.id = a.connection_id join banks b on b.id = c.bank_id
    where a.user_id = ${userId}::uuid and a.gone_at is null group by 1 order by count(*) desc, 1 limit 1`;
  return row === undefined ? LONDON : zoneOfCountry(row.country);
}
