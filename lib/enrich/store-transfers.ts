import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import { type Context, inTransaction } from '#lib/context/context';
import { hiddenIdsOf } from '#lib/db/visible-transaction';
import { NEVER_TRANSFERS } from './enrich-row.ts';
import { EARLIEST_ARRIVAL_DAYS, LONGEST_WAY_DAYS, pairTransfers, type TransferCandidate } from './pair-transfers.ts';

type CandidateRow = {
  outId: string;
  outAccount: string;
  outDay: string;
  outLike: boolean;
  outNever: boolean;
  outSaid: boolean | null;
  inId: string;
  inAccount: string;
  inDay: string;
  inLike: boolean;
  inNever: boolean;
  inSaid: boolean | null;
};

/** Matches what left one of a person's accounts with what came to another, also across banks; what holds no longer is undone. */
export async function storeTransfers(ctx: Context, { userId }: { userId: string }): Promise<void> {
  requireSystem(ctx.actor);
  await inTransaction(ctx, async (tx) => {
    // A job may be done by two at once; each row belongs to one pair.
    await tx.db.$executeRaw`select pg_advisory_xact_lock(hashtextextended('transfers ' || ${userId}, 0))`;
    // Just after a first sync the planner knows nothing of the new rows, and would compare each with each.
    // Without nested loops any plan looks expensive, and PostgreSQL would spend more than a second on compiling it.
    await tx.db.$executeRaw`select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`;
    await undoBroken(tx, userId);
    const pairs = pairTransfers(await loadCandidates(tx, userId));
    const sides = pairs.flatMap(({ outId, inId, reason }) => [
      { id: outId, otherId: inId, reason },
      { id: inId, otherId: outId, reason },
    ]);
    await tx.db.$executeRaw`
      insert into transfers (transaction_id, account_id, other_transaction_id, reason, found_at)
      select p.id, t.account_id, p.other_id, p.reason, ${tx.clock.now()}
      from unnest(${sides.map(({ id }) => id)}::uuid[], ${sides.map(({ otherId }) => otherId)}::uuid[],
        ${sides.map(({ reason }) => reason)}::text[]) as p (id, other_id, reason)
      join transactions t on t.id = p.id`;
  });
}

/** One side has gone or has changed, so that nobody would match them today, or the person has taken back their word. */
async function undoBroken(ctx: Context, userId: string): Promise<void> {
  await ctx.db.$executeRaw`
    delete from transfers x using accounts a
    where x.account_id = a.id and a.user_id = ${userId}::uuid and not exists (
      select from transactions one join transactions other on other.id = x.other_transaction_id
      join accounts oa on oa.id = one.account_id join accounts ta on ta.id = other.account_id
      join transfers back on back.transaction_id = other.id and back.other_transaction_id = one.id
      left join enrichments e on e.transaction_id = one.id left join enrichments f on f.transaction_id = other.id
      left join transaction_edits d on d.transaction_id = one.id left join transaction_edits g on g.transaction_id = other.id
      where one.id = x.transaction_id and one.effect = -other.effect and one.currency = other.currency
        and coalesce(oa.joined_into_id, oa.id) <> coalesce(ta.joined_into_id, ta.id) and one.vanished_at is null and other.vanished_at is null
        and one.duplicate_of_id is null and other.duplicate_of_id is null
        and one.id not in (${hiddenIdsOf(userId)}) and other.id not in (${hiddenIdsOf(userId)})
        and (other.booked_on - one.booked_on) * -sign(one.effect) between ${EARLIEST_ARRIVAL_DAYS} and ${LONGEST_WAY_DAYS}
        and d.is_transfer is distinct from false and g.is_transfer is distinct from false
        and (d.is_transfer or g.is_transfer or x.reason <> 'said' and (e.is_transfer_like or f.is_transfer_like)
          and not one.category = any(${NEVER_TRANSFERS}::text[]) and not other.category = any(${NEVER_TRANSFERS}::text[]))
    )`;
}

async function loadCandidates(ctx: Context, userId: string): Promise<TransferCandidate[]> {
  const rows = await ctx.db.$queryRaw<CandidateRow[]>`
    with own as materialized (
      select t.id, coalesce(a.joined_into_id, a.id) as account_id, t.booked_on, t.effect, t.currency, coalesce(e.is_transfer_like, false) as is_like,
        t.category = any(${NEVER_TRANSFERS}::text[]) as is_never, d.is_transfer as said
      from transactions t join accounts a on a.id = t.account_id
      left join enrichments e on e.transaction_id = t.id
      left join transaction_edits d on d.transaction_id = t.id
      where a.user_id = ${userId}::uuid and t.vanished_at is null and t.duplicate_of_id is null
        and t.id not in (${hiddenIdsOf(userId)})
        and not exists (select from transfers x where x.transaction_id = t.id)
    )
    select o.id as "outId", o.account_id as "outAccount", o.booked_on::text as "outDay", o.is_like as "outLike",
      o.is_never as "outNever", o.said as "outSaid", i.id as "inId", i.account_id as "inAccount",
      i.booked_on::text as "inDay", i.is_like as "inLike", i.is_never as "inNever", i.said as "inSaid"
    from own o join own i on i.effect = -o.effect and i.currency = o.currency and i.account_id <> o.account_id
      and i.booked_on - o.booked_on between ${EARLIEST_ARRIVAL_DAYS} and ${LONGEST_WAY_DAYS}
    where o.effect < 0 and (o.is_like or i.is_like or o.said or i.said)
      and ((not o.is_never and not i.is_never) or o.said or i.said)`;
  return rows.map((row) => ({
    out: {
      id: row.outId,
      accountId: row.outAccount,
      day: row.outDay,
      isLike: row.outLike,
      isNever: row.outNever,
      said: row.outSaid,
    },
    in: {
      id: row.inId,
      accountId: row.inAccount,
      day: row.inDay,
      isLike: row.inLike,
      isNever: row.inNever,
      said: row.inSaid,
    },
  }));
}
