import 'server-only';
import { isSameBank } from '#lib/banks/same-bank';
import { type Context, inTransaction } from '#lib/context/context';
import { askAboutAccount } from './ask-about-account.ts';

/** The newest rows of the common days that are compared: enough to be sure, and as many whatever the history's length. */
const MAX_COMPARED_ROWS = 400;
/**
 * Fewer common rows may be chance: two savings accounts each earn the same few pence of interest on the same day, and two
 * people pay for the same subscription.
 */
const MIN_COMMON_ROWS = 3;
/** Of the shorter of the two. Banks reword and re-date some rows when they move a customer, hardly ever most of them. */
const MIN_COMMON_SHARE = 0.6;

type Overlap = { id: string; bankId: string; isOver: boolean; compared: number; common: number };

/**
 * Whether two accounts tell the same story: of the rows that both have on common days, how many agree on day, amount, currency
 * and words.
 */
export function isSameHistory({ compared, common }: { compared: number; common: number }): boolean {
  return common >= MIN_COMMON_ROWS && common >= MIN_COMMON_SHARE * compared;
}

/**
 * Once an account's transactions have come for the first time: has the user another account with the same transactions? A
 * replaced card, a changed number and a bank that moved to another provider are found by that. The user is asked once.
 */
export async function askAboutOverlaps(ctx: Context, connectionId: string): Promise<void> {
  const unchecked = await ctx.db.bankAccount.findMany({
    where: { connectionId, overlapCheckedAt: null, coveredTo: { not: null }, joinedIntoId: null },
    select: { id: true, connection: { select: { bankId: true } } },
  });
  for (const { id, connection } of unchecked) {
    await inTransaction(ctx, async (tx) => {
      const { count } = await tx.db.bankAccount.updateMany({
        where: { id, overlapCheckedAt: null },
        data: { overlapCheckedAt: tx.clock.now() },
      });
      if (count === 0) return;
      const candidateIds = (await findOverlaps(tx, id))
        .filter((overlap) => isSameHistory(overlap) && isSameBankOrEnded(overlap, connection.bankId))
        .map((overlap) => overlap.id);
      if (candidateIds.length === 0) return;
      await askAboutAccount(tx, { connectionId, accountId: id, candidateIds, reason: 'same_transactions' });
    });
  }
}

/** Across banks only what no longer goes on: a provider that was merged or renamed without our table knowing it. */
function isSameBankOrEnded({ bankId, isOver }: Overlap, newBankId: string): boolean {
  return isOver || isSameBank(bankId, newBankId);
}

/**
 * The user's other accounts of the same kind and currency with the number of rows that agree, the most alike first. Left out
 * are accounts that the bank lists beside this one, which says that they are others; twins; joined ones; what the user said is
 * different, or is asked about already.
 */
function findOverlaps(ctx: Context, accountId: string): Promise<Overlap[]> {
  return ctx.db.$queryRaw<Overlap[]>`
    with candidates as (
      select o.id, c.bank_id, o.gone_at is not null or c.ended_at is not null as is_over, n.covered * o.covered as days
      from accounts n join accounts o on o.user_id = n.user_id and o.kind = n.kind and o.currency = n.currency and o.id <> n.id
      join connections c on c.id = o.connection_id
      where n.id = ${accountId}::uuid and o.joined_into_id is null
        and not (o.connection_id = n.connection_id and o.gone_at is null)
        and o.twin_of_id is distinct from n.id and n.twin_of_id is distinct from o.id
        and not exists (select from pairing_questions q where q.account_id = o.id and n.id = any(q.candidate_ids))
        and not exists (select from account_distinctions d
          where d.account_id = least(n.id, o.id) and d.other_id = greatest(n.id, o.id))
    ), compared as (
      select p.id as candidate_id, side.is_new, t.booked_on, t.effect, t.currency,
        coalesce(nullif(regexp_replace(lower(t.description), '[^[:alpha:]]+', '', 'g'), ''), t.description) as words
      from candidates p, lateral (values (true, ${accountId}::uuid), (false, p.id)) as side (is_new, account_id), lateral (
        select booked_on, effect, currency, description from transactions r
        where r.account_id = side.account_id and r.vanished_at is null and p.days @> r.booked_on
        order by r.booked_on desc, r.position, r.id limit ${MAX_COMPARED_ROWS}
      ) as t
    ), from_day as (
      select candidate_id, max(first) as day from (
        select candidate_id, is_new, case when count(*) = ${MAX_COMPARED_ROWS} then min(booked_on) + 1 else '-infinity'::date end as first
        from compared group by candidate_id, is_new
      ) as sides group by candidate_id
    ), counted as (
      select candidate_id, booked_on, effect, currency, words, count(*) filter (where is_new) as news,
        count(*) filter (where not is_new) as olds
      from compared join from_day using (candidate_id) where booked_on >= day
      group by candidate_id, booked_on, effect, currency, words
    )
    select p.id, p.bank_id as "bankId", p.is_over as "isOver",
      coalesce(least(sum(k.news), sum(k.olds)), 0)::int as compared, coalesce(sum(least(k.news, k.olds)), 0)::int as common
    from candidates p left join counted k on k.candidate_id = p.id
    group by p.id, p.bank_id, p.is_over order by common desc, p.id`;
}
