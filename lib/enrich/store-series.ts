import 'server-only';
import { v7 as uuidv7 } from 'uuid';
import { listGroupIds } from '#lib/accounts/account-group';
import type { Context } from '#lib/context/context';
import { IS_VISIBLE } from '#lib/db/visible-transaction';
import { addDays, dayOf } from '#lib/time/day';
import { findSeries, type Series } from './find-series.ts';

/** Three years and a little, so that what comes once a year has come three times. */
const LOOK_BACK_DAYS = 1150;

type Group = {
  merchantKey: string;
  merchantName: string;
  currency: string;
  isOut: boolean;
  scale: number;
  postings: string;
};

type Found = { key: string; name: string; currency: string; amount: string; series: Series };

/**
 * Works out anew what comes round in an account and those joined into it. One that is no longer found goes, unless the person dismissed it: then it
 * is kept, so that it stays dismissed when it comes back.
 */
export async function storeSeries(ctx: Context, accountId: string): Promise<void> {
  const now = ctx.clock.now();
  const today = dayOf(now);
  const found = (await loadGroups(ctx, await listGroupIds(ctx, accountId), addDays(today, -LOOK_BACK_DAYS))).flatMap(
    (group) => {
      const series = findSeries(postingsOf(group), today);
      return series === null ? [] : [toFound(group, series)];
    },
  );
  const keys = found.map(({ key }) => key);
  await ctx.db.recurringPayment.deleteMany({
    where: { accountId, dismissedAt: null, seriesKey: { notIn: keys } },
  });
  await ctx.db.$executeRaw`
    insert into recurring_payments as r (id, account_id, series_key, merchant_name, cadence, amount, is_amount_steady, currency,
      occurrences, first_on, last_on, next_on, reason, found_at)
    select f.id, ${accountId}::uuid, f.key, f.name, f.cadence, f.amount, f.is_steady, f.currency, f.occurrences, f.first_on,
      f.last_on, f.next_on, f.reason, ${now}
    from unnest(${found.map(() => uuidv7())}::uuid[], ${keys}::text[], ${found.map(({ name }) => name)}::text[],
      ${found.map(({ series }) => series.cadence)}::text[], ${found.map(({ amount }) => amount)}::numeric[],
      ${found.map(({ series }) => series.isAmountSteady)}::bool[], ${found.map(({ currency }) => currency)}::text[],
      ${found.map(({ series }) => series.occurrences)}::int[], ${found.map(({ series }) => series.firstOn)}::date[],
      ${found.map(({ series }) => series.lastOn)}::date[], ${found.map(({ series }) => series.nextOn)}::date[],
      ${found.map(({ series }) => (series.ofAmount === null ? 'comes_round' : 'this_amount_comes_round'))}::text[]
    ) as f (id, key, name, cadence, amount, is_steady, currency, occurrences, first_on, last_on, next_on, reason)
    on conflict (account_id, series_key) do update set merchant_name = excluded.merchant_name, cadence = excluded.cadence,
      amount = excluded.amount, is_amount_steady = excluded.is_amount_steady, currency = excluded.currency,
      occurrences = excluded.occurrences, first_on = excluded.first_on, last_on = excluded.last_on,
      next_on = excluded.next_on, reason = excluded.reason, found_at = excluded.found_at`;
}

/** Each merchant's postings, oldest first, one text for each merchant. Amounts as whole numbers of the group's finest unit. */
async function loadGroups(ctx: Context, accountIds: readonly string[], since: string): Promise<Group[]> {
  return ctx.db.$queryRaw<Group[]>`
    select key as "merchantKey", max(name) as "merchantName", currency, is_out as "isOut", max(scale) as scale,
      string_agg(booked_on::text || ' ' || effect::text, ',' order by booked_on) as postings
    from (
      select e.merchant_key as key, e.merchant_name as name, t.currency, t.effect < 0 as is_out, t.booked_on, t.effect,
        scale(t.effect) as scale
      from transactions t join enrichments e on e.transaction_id = t.id
      where t.account_id = any(${accountIds}::uuid[]) and t.booked_on >= ${since}::date and ${IS_VISIBLE} and t.effect <> 0
        and e.category not in ('cash', 'fees')
    ) as postings
    group by key, currency, is_out having count(*) >= 3`;
}

function postingsOf({ postings, scale }: Group) {
  return postings.split(',').map((posting) => {
    const [day = '', amount = '0'] = posting.split(' ');
    return { day, minor: toMinor(amount, scale) };
  });
}

function toMinor(amount: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

function toAmount(minor: bigint, scale: number): string {
  const sign = minor < 0n ? '-' : '';
  const digits = String(minor < 0n ? -minor : minor).padStart(scale + 1, '0');
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function toFound({ merchantKey, merchantName, currency, isOut, scale }: Group, series: Series): Found {
  const amount = toAmount(series.minor, scale);
  const ofAmount = series.ofAmount === null ? '' : ` ${toAmount(series.ofAmount, scale)}`;
  return {
    key: `${merchantKey} ${isOut ? 'out' : 'in'} ${currency}${ofAmount}`,
    name: merchantName,
    currency,
    amount,
    series,
  };
}
