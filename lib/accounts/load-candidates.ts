import 'server-only';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { IS_VISIBLE } from '#lib/db/visible-transaction';
import type { Day } from '#lib/time/day';
import type { BookedCandidate, MatchFacts } from './match-edit.ts';

type CandidateRow = Omit<BookedCandidate, 'effect' | 'classification'> & {
  effect: string;
  classification: string;
  accountId: string;
  isRemoved: boolean;
};

export type LoadedCandidate = BookedCandidate & { accountId: string; isRemoved: boolean };

type Span = { from: Day; to: Day; withRemoved?: boolean };

const SEPARATOR = '\u001f';
/** More rows than these around a few days are a machine's account; the nearest to the end of the span are left out. */
const MAX_CANDIDATES = 5000;

/** Booked rows of an account, and of those joined into it, between two days, as far as matching looks at them. */
export async function loadCandidates(ctx: Context, accountId: string, span: Span): Promise<LoadedCandidate[]> {
  const shown = span.withRemoved === true ? Prisma.sql`true` : IS_VISIBLE;
  const rows = await ctx.db.$queryRaw<CandidateRow[]>`
    select t.id::text, t.account_id::text as "accountId", t.booked_on::text as day, t.effect::text, t.currency, t.description,
      t.merchant_name as "merchantName", t.category as coding, array_to_string(t.classification, ${SEPARATOR}) as classification,
      ${MCC} as mcc, t.first_seen_at as "firstSeenAt", t.vanished_at is not null as "isRemoved",
      case when e.id is null then null when e.snapshot_first_seen_at < t.first_seen_at then 'placed' else 'own' end as words
    from transactions t left join transaction_edits e on e.transaction_id = t.id
    where t.account_id in (select a.id from accounts a where a.id = ${accountId}::uuid or a.joined_into_id = ${accountId}::uuid)
      and t.booked_on between ${span.from}::date and ${span.to}::date and ${shown}
    order by t.booked_on, t.position, t.id limit ${MAX_CANDIDATES}`;
  return rows.map(({ accountId: ofRow, isRemoved, words, ...row }) => ({
    ...toFacts(row),
    accountId: ofRow,
    isRemoved,
    words,
  }));
}

/** An account's current pending rows that nothing is written on. Without a date they count from the day they came. */
export async function loadUnwrittenPending(ctx: Context, accountId: string): Promise<MatchFacts[]> {
  const rows = await ctx.db.$queryRaw<Omit<CandidateRow, 'accountId' | 'isRemoved' | 'words'>[]>`
    select t.id::text, coalesce(t.made_on, t.first_seen_at::date)::text as day, t.effect::text, t.currency, t.description,
      t.merchant_name as "merchantName", t.category as coding, array_to_string(t.classification, ${SEPARATOR}) as classification,
      ${MCC} as mcc, t.first_seen_at as "firstSeenAt"
    from pending_transactions t
    where t.account_id = ${accountId}::uuid and not exists (select from transaction_edits e where e.pending_id = t.id)
    order by t.position, t.id limit ${MAX_CANDIDATES}`;
  return rows.map(toFacts);
}

const MCC = Prisma.sql`coalesce(t.meta->>'mcc', t.meta->>'merchant_category_code', t.meta->>'provider_merchant_category_code')`;

function toFacts({
  effect,
  classification,
  ...row
}: Omit<CandidateRow, 'accountId' | 'isRemoved' | 'words'>): MatchFacts {
  return {
    ...row,
    effect: new Prisma.Decimal(effect),
    classification: classification === '' ? [] : classification.split(SEPARATOR),
  };
}
