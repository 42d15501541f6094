import 'server-only';
import type { Context } from '#lib/context/context';
import { pairRows, type RowFacts, withOneSpelling } from './pair-rows.ts';

/**
 * Rules that move a row over the seam between two answers make it go here and come there. What a person said about the one
 * goes to the other, where nothing else could be meant. In the transaction of a replay, which holds the snapshot.
 */
export async function carryEdits(ctx: Context, accountId: string): Promise<void> {
  const gone = await ctx.db.$queryRaw<RowFacts[]>`
    select t.id::text as "identityKey", t.booked_on::text as day, t.amount::text, t.currency, t.description
    from transactions t join replay_before b on b.resource = 'transactions' and b.key = t.id::text
    where t.account_id = ${accountId}::uuid and t.vanished_at is not null
      and exists (select from transaction_edits e where e.transaction_id = t.id)`;
  if (gone.length === 0) return;
  const added = await ctx.db.$queryRaw<RowFacts[]>`
    select t.id::text as "identityKey", t.booked_on::text as day, t.amount::text, t.currency, t.description
    from transactions t left join replay_before b on b.resource = 'transactions' and b.key = t.id::text
    where t.account_id = ${accountId}::uuid and t.vanished_at is null and b.key is null`;
  const pairs = pairRows(gone.map(withOneSpelling), added.map(withOneSpelling));
  await ctx.db.$executeRaw`
    update transaction_edits e set transaction_id = p.after
    from unnest(${pairs.map(({ from }) => from)}::uuid[], ${pairs.map(({ to }) => to)}::uuid[]) as p (before, after)
    where e.transaction_id = p.before`;
}
