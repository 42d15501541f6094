import { type Context, inTransaction } from '#lib/context/context';
import { readBooked } from '#lib/sync/booked-rows';
import { dateRows } from '#lib/sync/date-rows';
import { decideChanges, setEqualRowsAside, settledDays } from '#lib/sync/matching/decide-changes';
import { credibleIds } from '#lib/sync/matching/identifiers';
import { WindowReading } from '#lib/sync/matching/read-window';
import { storeBooked } from '#lib/sync/store-booked';
import type { Window } from '#lib/sync/windows';
import { LONDON } from '#lib/time/calendar';
import type { Day } from '#lib/time/day';
import { parseTransactions } from '#lib/truelayer/parse';
import { type Fact, toWire } from './unsteady-bank.ts';

/** A stored row. `stamp` differs whenever anything of the row was written. */
export type LedgerRow = {
  id: string;
  day: Day;
  amount: string;
  text: string;
  normalisedId: string | null;
  providerId: string | null;
  isRemoved: boolean;
  hasNote: boolean;
  stamp: string;
};

/** An account's booked rows. Every answer has all rows of its window. */
export type Ledger = {
  store(
    window: Window,
    rows: readonly Fact[],
  ): Promise<{ isBelieved: boolean; added: number; changed: number; vanished: number }>;
  list(): Promise<LedgerRow[]>;
  note(id: string): Promise<void>;
};

export const toIds = ({ normalisedId, providerId }: Pick<LedgerRow, 'normalisedId' | 'providerId'>) => ({
  normalisedProviderTransactionId: normalisedId,
  providerTransactionId: providerId,
});

function batchesOf(rows: readonly Fact[]) {
  const body = Buffer.from(JSON.stringify({ results: rows.map(toWire), status: 'Succeeded' }));
  return parseTransactions(body, 'account').rows;
}

/** As the storing reads them, at a bank in London. */
function datedBatchesOf(rows: readonly Fact[]) {
  const dating = { zone: LONDON, lastDay: '9999-12-31', isInWindow: () => true, undated: new Map() };
  return [...dateRows(batchesOf(rows), dating)];
}

export function databaseLedger(ctx: Context, accountId: string): Ledger {
  return {
    store: (window, rows) =>
      inTransaction(ctx, (tx) => storeBooked(tx, { accountId, window, batches: batchesOf(rows), surely: window })),
    list: () => ctx.db.$queryRaw<LedgerRow[]>`
      select t.id::text, t.booked_on::text as day, trim_scale(t.amount)::text as amount, t.description as text,
        t.normalised_id as "normalisedId", t.provider_transaction_id as "providerId",
        t.vanished_at is not null as "isRemoved", e.id is not null as "hasNote", md5(to_jsonb(t)::text) as stamp
      from transactions t left join transaction_edits e on e.transaction_id = t.id
      where t.account_id = ${accountId}::uuid order by t.id`,
    async note(id) {
      const now = ctx.clock.now();
      const data = { accountId, transactionId: id, note: 'mine', createdAt: now, changedAt: now };
      await ctx.db.transactionEdit.create({ data, select: { id: true } });
    },
  };
}

/** The product's own decisions over rows in memory: what `storeBooked` does, with arrays in place of statements. */
export function inMemoryLedger(): Ledger {
  let rows: (LedgerRow & { contentHash: string })[] = [];
  let writeCount = 0;
  const nextStamp = () => String(++writeCount).padStart(6, '0');
  return {
    async store(window, sent) {
      const reading = new WindowReading({ window, lastDay: window.to, batches: datedBatchesOf(sent) });
      const here = rows.filter(({ day }) => day >= window.from && day <= window.to);
      const visible = here.filter(({ isRemoved }) => !isRemoved);
      const byHash = new Map<string, number>();
      for (const { contentHash } of visible) byHash.set(contentHash, (byHash.get(contentHash) ?? 0) + 1);
      const { received, missing } = await setEqualRowsAside(reading, byHash);
      const completeness = { surely: window };
      const settled = settledDays(completeness, reading);
      const open = visible
        .toSorted((one, other) => Number(one.hasNote) - Number(other.hasNote) || other.id.localeCompare(one.id))
        .filter(({ contentHash }) => {
          const left = missing.get(contentHash) ?? 0;
          missing.set(contentHash, left - 1);
          return left > 0;
        });
      const stored = [...open, ...here.filter(({ isRemoved }) => isRemoved)].map((row) => ({
        ...row,
        currency: 'GBP',
        description: row.text,
        ids: credibleIds(toIds(row)),
        hasEdit: row.hasNote,
        canMoveDay: row.isRemoved || (settled !== null && row.day >= settled.from && row.day <= settled.to),
      }));
      const ids = rows.flatMap((row) => credibleIds(toIds(row)));
      const sharedIds = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
      const plan = decideChanges({ reading, completeness, visibleCount: visible.length, received, stored, sharedIds });
      if (plan.doubt !== null) return { isBelieved: false, added: 0, changed: 0, vanished: 0 };
      const gone = new Set(plan.removed.map(({ id }) => id));
      rows = rows.map((row) => (gone.has(row.id) ? { ...row, isRemoved: true, stamp: nextStamp() } : row));
      for (const { ordinal, contentHash, row } of [...readBooked(datedBatchesOf(sent))].flatMap(
        (chunk) => chunk.rows,
      )) {
        const id = plan.written.get(ordinal);
        if (id === undefined) continue;
        const values = {
          day: row.timestamp.day,
          amount: row.amount,
          text: row.description,
          normalisedId: row.normalisedProviderTransactionId,
          providerId: row.providerTransactionId,
          isRemoved: false,
          contentHash,
          stamp: nextStamp(),
        };
        if (id === null) rows.push({ id: `row-${values.stamp}`, hasNote: false, ...values });
        else rows = rows.map((each) => (each.id === id ? { ...each, ...values } : each));
      }
      return { isBelieved: true, added: plan.written.size, changed: 0, vanished: plan.removed.length };
    },
    list: async () =>
      rows.map(({ contentHash: _, ...row }) => row).sort((one, other) => one.id.localeCompare(other.id)),
    async note(id) {
      rows = rows.map((row) => (row.id === id ? { ...row, hasNote: true } : row));
    },
  };
}
