import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';

export type DiffSample = { kind: 'added' | 'changed' | 'gone'; what: string };
export type ResourceDiff = { resource: string; added: number; changed: number; gone: number; samples: DiffSample[] };

const MOST_SAMPLES = 5;

/** What the bank says and our rules make of it; not when it was seen, nor the order of rows, which say nothing. */
const holdings = (accountId: string) => Prisma.sql`
  select 'transactions' as resource, id::text as key, booked_on || ' ' || effect || ' ' || currency || ' ' || description as what,
    to_jsonb(t) - '{id,account_id,position,truelayer_id,content_hash,first_seen_at,changed_at,vanished_at}'::text[] as content
  from transactions t where account_id = ${accountId}::uuid and vanished_at is null
  union all
  select 'pending', id::text, made_on || ' ' || effect || ' ' || currency || ' ' || description,
    to_jsonb(p) - '{id,account_id,position,truelayer_id,first_seen_at,seen_at}'::text[]
  from pending_transactions p where account_id = ${accountId}::uuid
  union all
  select 'balance', read_at::text, read_at || ' ' || current || ' ' || currency, to_jsonb(b)
  from balance_readings b where account_id = ${accountId}::uuid
  union all
  select 'direct_debits', position::text, name, to_jsonb(d) - 'seen_at' from direct_debits d where account_id = ${accountId}::uuid
  union all
  select 'standing_orders', position::text, coalesce(payee, reference, frequency), to_jsonb(s) - 'seen_at'
  from standing_orders s where account_id = ${accountId}::uuid`;

/** Notes what an account holds now, for as long as the transaction lasts. */
export async function takeSnapshot(ctx: Context, accountId: string): Promise<void> {
  await ctx.db.$executeRaw`
    create temporary table replay_before on commit drop as
    select resource, key, what, md5(content::text) as hash from (${holdings(accountId)}) as held`;
}

/** How what is held now differs from the snapshot, with a few of each for the eye. Worked out and counted in the database. */
export async function compareWithSnapshot(
  ctx: Context,
  accountId: string,
): Promise<{ diff: ResourceDiff[]; changedRows: string[] }> {
  await ctx.db.$executeRaw`
    create temporary table replay_difference on commit drop as
    with held as materialized (
      select resource, key, what, md5(content::text) as hash from (${holdings(accountId)}) as held
    )
    select resource, key, case when b.key is null then 'added' when h.key is null then 'gone' else 'changed' end as kind,
      coalesce(h.what, b.what) as what
    from replay_before b full join held h using (resource, key) where b.hash is distinct from h.hash`;
  const diff = await ctx.db.$queryRaw<ResourceDiff[]>`
    with numbered as (
      select *, row_number() over (partition by resource, kind order by what) as number from replay_difference
    )
    select resource, count(*) filter (where kind = 'added')::int as added,
      count(*) filter (where kind = 'changed')::int as changed, count(*) filter (where kind = 'gone')::int as gone,
      jsonb_agg(jsonb_build_object('kind', kind, 'what', what) order by kind, what) filter (where number <= ${MOST_SAMPLES})
        as samples
    from numbered group by resource order by resource`;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    select key as id from replay_difference where resource = 'transactions' and kind = 'changed'`;
  return { diff, changedRows: rows.map(({ id }) => id) };
}
