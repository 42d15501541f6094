import { z } from 'zod';
import { AppError } from '#lib/errors/app-error';
import { dayOf } from '#lib/time/day';

/** The last row of a page: the next one begins after it, whatever has been added in front meanwhile. */
export type TransactionCursor = z.infer<typeof Cursor>;

const Cursor = z.tuple([z.iso.date(), z.number().int(), z.uuid()]);

export function toCursor(row: { bookedOn: Date; position: number; id: string }): string {
  const cursor: TransactionCursor = [dayOf(row.bookedOn), row.position, row.id];
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws {AppError} invalid: it comes from an address, so it may be anything. */
export function parseCursor(text: string): TransactionCursor {
  const parsed = Cursor.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (!parsed.success) throw new AppError('invalid', 'cursor_invalid');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
