import 'server-only';
import type { Context } from '#lib/context/context';
import { type EnrichInput, enrichRow, type RowEnrichment, RULES } from './enrich-row.ts';

/** Rows are worked out and written in lots of this many, so that an account of any length takes the same memory. */
const LOT = 4000;
const FIRST = { bookedOn: 'infinity', position: 0, id: '00000000-0000-0000-0000-000000000000' };

type StaleRow = Omit<EnrichInput, 'classification'> & {
  id: string;
  classification: string;
  bookedOn: string;
  position: number;
  contentHash: string;
};

/** Works out what has none yet, what has changed since, and what older rules made. Returns how many rows that were. */
export async function storeEnrichments(ctx: Context, accountId: string, signal?: AbortSignal): Promise<number> {
  const known = new Map<string, RowEnrichment>();
  let count = 0;
  let after: Pick<StaleRow, 'id' | 'bookedOn' | 'position'> = FIRST;
  for (;;) {
    const rows = await loadStale(ctx, accountId, after);
    const last = rows.at(-1);
    if (last === undefined || signal?.aborted === true) return count;
    await write(
      ctx,
      rows.map((row) => ({ row, enrichment: enrichOnce(known, row) })),
    );
    count += rows.length;
    after = last;
  }
}

const SEPARATOR = '\u001f';

/** Down the index by which pages are read, from where the last lot ended. */
async function loadStale(
  ctx: Context,
  accountId: string,
  { bookedOn, position, id }: Pick<StaleRow, 'id' | 'bookedOn' | 'position'>,
): Promise<StaleRow[]> {
  return ctx.db.$queryRaw<StaleRow[]>`
    select t.id, t.booked_on::text as "bookedOn", t.position, t.content_hash as "contentHash", t.description,
      t.merchant_name as "merchantName", t.merchant_source as "merchantSource", t.category as coding,
      coalesce(array_to_string(t.classification, ${SEPARATOR}), '') as classification, t.effect > 0 as "isMoneyIn"
    from transactions t left join enrichments e on e.transaction_id = t.id
    where t.account_id = ${accountId}::uuid and t.booked_on <= ${bookedOn}::date
      and (t.booked_on < ${bookedOn}::date or (t.position, t.id) > (${position}, ${id}::uuid))
      and (e.content_hash, e.rules) is distinct from (t.content_hash, ${RULES}::int)
    order by t.booked_on desc, t.position, t.id limit ${LOT}`;
}

/** The same words mean the same: ten years of one shop are worked out once. */
function enrichOnce(known: Map<string, RowEnrichment>, row: StaleRow): RowEnrichment {
  const key = [
    row.description,
    row.merchantName,
    row.merchantSource,
    row.coding,
    row.classification,
    row.isMoneyIn,
  ].join(SEPARATOR);
  const found = known.get(key);
  if (found !== undefined) return found;
  const classification = row.classification === '' ? [] : row.classification.split(SEPARATOR);
  const enrichment = enrichRow({ ...row, classification });
  if (known.size < MOST_REMEMBERED) known.set(key, enrichment);
  return enrichment;
}

const MOST_REMEMBERED = 20_000;

type Worked = { row: StaleRow; enrichment: RowEnrichment };

/**
 * A row that gets another key takes what a person said about the old one along: their "always" outlives our rules.
 */
async function write(ctx: Context, worked: readonly Worked[]): Promise<void> {
  const ids = worked.map(({ row }) => row.id);
  const keys = worked.map(({ enrichment }) => enrichment.merchantKey);
  await ctx.db.$executeRaw`
    insert into merchant_rules (id, user_id, merchant_key, merchant_name, category, created_at, changed_at)
    select gen_random_uuid(), said.user_id, n.merchant_key, said.merchant_name, said.category, said.created_at, said.changed_at
    from (
      select distinct e.merchant_key as before, w.merchant_key, a.user_id
      from unnest(${ids}::uuid[], ${keys}::text[]) as w (id, merchant_key)
      join enrichments e on e.transaction_id = w.id and e.merchant_key <> w.merchant_key
      join transactions t on t.id = w.id join accounts a on a.id = t.account_id
    ) n join merchant_rules said on said.user_id = n.user_id and said.merchant_key = n.before
    on conflict (user_id, merchant_key) do nothing`;
  await ctx.db.$executeRaw`
    insert into enrichments as e (transaction_id, merchant_key, merchant_name, merchant_reason, category, category_reason,
      is_transfer_like, content_hash, rules)
    select w.id, w.merchant_key, w.merchant_name, w.merchant_reason, w.category, w.category_reason, w.is_transfer_like,
      w.content_hash, ${RULES}::int
    from unnest(${ids}::uuid[], ${keys}::text[], ${worked.map(({ enrichment }) => enrichment.merchantName)}::text[],
      ${worked.map(({ enrichment }) => enrichment.merchantReason)}::text[],
      ${worked.map(({ enrichment }) => enrichment.category)}::text[],
      ${worked.map(({ enrichment }) => enrichment.categoryReason)}::text[],
      ${worked.map(({ enrichment }) => enrichment.isTransferLike)}::bool[],
      ${worked.map(({ row }) => row.contentHash)}::text[]
    ) as w (id, merchant_key, merchant_name, merchant_reason, category, category_reason, is_transfer_like, content_hash)
    join transactions t on t.id = w.id
    on conflict (transaction_id) do update set merchant_key = excluded.merchant_key,
      merchant_name = excluded.merchant_name, merchant_reason = excluded.merchant_reason, category = excluded.category,
      category_reason = excluded.category_reason, is_transfer_like = excluded.is_transfer_like,
      content_hash = excluded.content_hash, rules = excluded.rules`;
}
