import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { type CsvCell, toCsvHead, toCsvLine } from '#lib/format/csv';
import { inTurn } from '#lib/limits/in-turn';
import type { Limit } from '#lib/limits/take';
import { dayIn, localTime, type TimeZone } from '#lib/time/calendar';
import type { Day } from '#lib/time/day';
import { getAccount } from './get-account.ts';
import { listTransactions } from './list-transactions.ts';
import type { TransactionLine } from './transaction-dto.ts';

const COLUMNS: readonly [string, (line: TransactionLine, zone: TimeZone) => CsvCell][] = [
  ['date', (line) => line.day],
  ['time', ({ at }, zone) => (at === null ? null : localTime(zone, at))],
  ['name', (line) => line.name],
  ['amount', (line) => ({ decimal: line.effect })],
  ['currency', (line) => line.currency],
  ['category', (line) => line.category],
  ['category_from', (line) => line.categoryReason],
  ['note', (line) => line.note],
  ['bank_description', (line) => line.description],
  ['bank_merchant', (line) => line.merchant],
  ['bank_coding', (line) => line.coding],
  ['balance_after', ({ runningBalance }) => (runningBalance === null ? null : { decimal: runningBalance })],
  ['transaction_id', (line) => line.id],
  // `ahead`: booked under a day to come. Else why the day isn't the bank's own, which wrote `date_as_sent`.
  ['date_note', ({ dateDoubt, isDatedAhead }) => dateDoubt ?? (isDatedAhead ? 'ahead' : null)],
  ['date_as_sent', ({ dateDoubt, dateAsSent }) => (dateDoubt === null ? null : dateAsSent)],
  ['amount_as_sent', (line) => line.amountAsSent],
  ['status', ({ isPending }) => (isPending ? 'pending' : 'booked')],
];

const PAGE = 200;
const EXPORTS: Limit = { name: 'exports of transactions', times: 60, inSeconds: 3600 };

export type TransactionExport = { name: string; today: Day; lines: AsyncGenerator<string> };

/**
 * All of an account's booked transactions, and the pending ones when asked, as CSV, page by page, so that ten years need no more memory than a month.
 * @throws {NotFoundError} @throws {AppError} rate_limited
 */
export async function exportTransactions(
  ctx: Context,
  { accountId, withPending = false }: { accountId: string; withPending?: boolean },
): Promise<TransactionExport> {
  const person = requirePerson(ctx.actor);
  const account = await getAccount(ctx, { accountId });
  const today = dayIn(account.zone, ctx.clock.now());
  const lines = await inTurn(ctx, EXPORTS, async () => {
    await inTransaction(ctx, (tx) =>
      recordAudit(tx, {
        action: 'transactions.exported',
        subject: { kind: 'account', id: account.id },
        connectionId: account.connectionId,
        personId: person.userId,
      }),
    );
    return linesOf(ctx, account, withPending);
  });
  return { name: account.name.trim(), today, lines };
}

async function* linesOf(
  ctx: Context,
  { id: accountId, zone }: { id: string; zone: TimeZone },
  withPending: boolean,
): AsyncGenerator<string> {
  yield toCsvHead(COLUMNS.map(([name]) => name));
  let cursor: string | undefined;
  do {
    const page = await listTransactions(ctx, { accountId, limit: PAGE, cursor });
    // The first page brings what is pending.
    const lines = withPending ? [...page.pending, ...page.booked] : page.booked;
    yield lines.map((line) => toCsvLine(COLUMNS.map(([, read]) => read(line, zone)))).join('');
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
