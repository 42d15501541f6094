import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { type CsvCell, toCsvLine } from '#lib/format/csv';
import { type Limit, takeForCaller } from '#lib/limits/take';
import { getAccount } from './get-account.ts';
import { listTransactions } from './list-transactions.ts';
import type { TransactionLine } from './transaction-dto.ts';

const COLUMNS: readonly [string, (line: TransactionLine) => CsvCell][] = [
  ['date', (line) => line.day],
  ['time', (line) => line.at?.toISOString() ?? null],
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
];

const PAGE = 200;
const EXPORTS: Limit = { name: 'exports of transactions', times: 60, inSeconds: 3600 };

export type TransactionExport = { name: string; lines: AsyncGenerator<string> };

/**
 * All of an account's booked transactions as CSV, page by page, so that ten years need no more memory than a month.
 * @throws {NotFoundError} @throws {AppError} rate_limited
 */
export async function exportTransactions(
  ctx: Context,
  { accountId }: { accountId: string },
): Promise<TransactionExport> {
  const person = requirePerson(ctx.actor);
  await takeForCaller(ctx, EXPORTS);
  const account = await getAccount(ctx, { accountId });
  await inTransaction(ctx, (tx) =>
    recordAudit(tx, {
      action: 'transactions.exported',
      subject: { kind: 'account', id: account.id },
      connectionId: account.connectionId,
      personId: person.userId,
    }),
  );
  return { name: account.name.trim(), lines: linesOf(ctx, account.id) };
}

async function* linesOf(ctx: Context, accountId: string): AsyncGenerator<string> {
  yield toCsvLine(COLUMNS.map(([name]) => name));
  let cursor: string | undefined;
  do {
    const page = await listTransactions(ctx, { accountId, limit: PAGE, cursor });
    yield page.booked.map((line) => toCsvLine(COLUMNS.map(([, read]) => read(line)))).join('');
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
