import { type Context, inTransaction } from '#lib/context/context';
import { storeBooked } from '#lib/sync/store-booked';
import { sureDays, type Window } from '#lib/sync/windows';
import { parseTransactions } from '#lib/truelayer/parse';

/** A booked row in short: day, amount, text. */
export type ShortRow = readonly [day: string, amount: number, description: string];

/** Stores a complete answer of booked rows for an account, with the days that it covers. */
export async function storeRows(
  ctx: Context,
  accountId: string,
  { window, rows }: { window: Window; rows: readonly ShortRow[] },
): Promise<void> {
  const results = rows.map(([day, amount, description], index) => ({
    transaction_id: `${accountId} ${day} ${description} ${index}`,
    timestamp: `${day}T00:00:00Z`,
    description,
    amount,
    currency: 'GBP',
    transaction_type: amount < 0 ? 'DEBIT' : 'CREDIT',
    transaction_category: 'PURCHASE',
    transaction_classification: [],
  }));
  const { rows: batches } = parseTransactions(Buffer.from(JSON.stringify({ results, status: 'Succeeded' })), 'account');
  await inTransaction(ctx, async (tx) => {
    await storeBooked(tx, { accountId, window, batches, surely: sureDays(window, window.to) });
    await tx.db.$executeRaw`
      update accounts set covered = covered + datemultirange(daterange(${window.from}::date, ${window.to}::date, '[]'))
      where id = ${accountId}::uuid`;
  });
}
