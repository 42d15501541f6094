import 'server-only';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '#lib/context/context';
import { plainArray, textArray } from './array-literal.ts';
import type { BookedRow } from './booked-rows.ts';
import type { Window } from './windows.ts';

/** A row with the stored row that it is; null for a new one. */
export type WrittenRow = BookedRow & { id: string | null };

/** Between the entries of a list that travels as text; a control character that no bank writes. */
const SEPARATOR = '\u001f';

/**
 * Adds new rows and changes stored ones, many at a time; a row that came back is no longer removed. A stored row outside the
 * window is never changed, whatever id is given.
 */
export async function upsertBooked(
  ctx: Context,
  { accountId, window }: { accountId: string; window: Window },
  rows: readonly WrittenRow[],
): Promise<void> {
  const c = toColumns(rows);
  const now = ctx.clock.now();
  await ctx.db.$executeRaw`
    insert into transactions as t (
      id, account_id, content_hash, truelayer_id, normalised_id, provider_transaction_id, booked_on, booked_at,
      timestamp_text, position, description, amount, effect, currency, type, category, classification, merchant_name,
      merchant_source, running_balance, is_sign_mismatch, meta, date_doubt, amounts_as_sent, first_seen_at, changed_at)
    select r.id, ${accountId}::uuid, r.content_hash, r.truelayer_id, r.normalised_id, r.provider_id,
      r.booked_on, r.booked_at, r.timestamp_text, r.position, r.description, r.amount, r.effect, r.currency, r.type,
      r.category, coalesce(string_to_array(r.classification, ${SEPARATOR}), '{}'), r.merchant_name, r.merchant_source,
      r.running_balance, r.is_sign_mismatch, r.meta, r.date_doubt, r.amounts_as_sent, ${now}, ${now}
    from unnest(
      ${c.id}::uuid[], ${c.contentHash}::text[], ${c.trueLayerId}::text[],
      ${c.normalisedId}::text[], ${c.providerId}::text[], ${c.bookedOn}::date[], ${c.bookedAt}::timestamptz[],
      ${c.timestampText}::text[], ${c.position}::int[], ${c.description}::text[], ${c.amount}::numeric[],
      ${c.effect}::numeric[], ${c.currency}::text[], ${c.type}::text[], ${c.category}::text[],
      ${c.classification}::text[], ${c.merchantName}::text[], ${c.merchantSource}::text[],
      ${c.runningBalance}::numeric[], ${c.isSignMismatch}::bool[], ${c.meta}::jsonb[], ${c.dateDoubt}::text[],
      ${c.amountsAsSent}::jsonb[]
    ) as r (id, content_hash, truelayer_id, normalised_id, provider_id, booked_on, booked_at,
      timestamp_text, position, description, amount, effect, currency, type, category, classification, merchant_name,
      merchant_source, running_balance, is_sign_mismatch, meta, date_doubt, amounts_as_sent)
    on conflict (id) do update set
      content_hash = excluded.content_hash, truelayer_id = excluded.truelayer_id,
      normalised_id = excluded.normalised_id, provider_transaction_id = excluded.provider_transaction_id,
      booked_on = excluded.booked_on, booked_at = excluded.booked_at, timestamp_text = excluded.timestamp_text,
      position = excluded.position, description = excluded.description, amount = excluded.amount,
      effect = excluded.effect, currency = excluded.currency, type = excluded.type, category = excluded.category,
      classification = excluded.classification, merchant_name = excluded.merchant_name,
      merchant_source = excluded.merchant_source, running_balance = excluded.running_balance,
      is_sign_mismatch = excluded.is_sign_mismatch, meta = excluded.meta, date_doubt = excluded.date_doubt,
      amounts_as_sent = excluded.amounts_as_sent, changed_at = excluded.changed_at, vanished_at = null
    where t.account_id = ${accountId}::uuid and t.booked_on between ${window.from}::date and ${window.to}::date
      and (t.content_hash, t.vanished_at) is distinct from (excluded.content_hash, null::timestamptz)`;
}

/** Each column as one text: see {@link textArray}. */
function toColumns(rows: readonly WrittenRow[]) {
  const text = (pick: (row: BookedRow) => string | null) => textArray(rows.map(pick));
  const plain = (pick: (row: BookedRow) => string | number | boolean | null) => plainArray(rows.map(pick));
  const json = (pick: (row: BookedRow) => object | null) =>
    text((row) => {
      const value = pick(row);
      return value === null ? null : JSON.stringify(value);
    });
  return {
    id: plainArray(idsOf(rows)),
    contentHash: text(({ contentHash }) => contentHash),
    trueLayerId: text(({ row }) => row.transactionId),
    normalisedId: text(({ row }) => row.normalisedProviderTransactionId),
    providerId: text(({ row }) => row.providerTransactionId),
    bookedOn: plain(({ row }) => row.timestamp.day),
    bookedAt: text(({ row }) => (row.timestamp.hasTime ? (row.timestamp.instant?.toISOString() ?? null) : null)),
    timestampText: text(({ row }) => row.timestamp.raw),
    position: plain(({ position }) => position),
    description: text(({ row }) => row.description),
    amount: plain(({ row }) => row.amount),
    effect: plain(({ row }) => row.effect),
    currency: text(({ row }) => row.currency),
    type: text(({ row }) => row.type ?? 'UNKNOWN'),
    category: text(({ row }) => row.category ?? 'UNKNOWN'),
    classification: text(({ row }) => (row.classification.length === 0 ? null : row.classification.join(SEPARATOR))),
    merchantName: text(({ row }) => row.merchant?.name ?? null),
    merchantSource: text(({ row }) => row.merchant?.source ?? null),
    runningBalance: plain(({ row }) => row.runningBalance?.amount ?? null),
    isSignMismatch: plain(({ row }) => row.signMismatch),
    meta: json(({ row }) => row.meta),
    dateDoubt: plain(({ row }) => row.dateDoubt),
    amountsAsSent: json(({ row }) => row.amountsAsSent),
  };
}

/** Chance is asked for once: asking for each row costs more than the rest of an id. */
function idsOf(rows: readonly WrittenRow[]): string[] {
  const chance = randomBytes(16 * rows.length);
  return rows.map(({ id }, index) => id ?? uuidv7({ random: chance.subarray(16 * index, 16 * (index + 1)) }));
}
