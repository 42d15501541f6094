import { z } from 'zod';
import { cutText, isMetaTooLarge, MAX_LIST_LENGTH, MAX_TEXT_LENGTH } from './bounds.ts';
import { canonicalDecimal } from './decimal.ts';
import { type ExactJson, type ExactObject, isExactObject } from './exact-json.ts';
import { RowFault, type RowParser } from './rows.ts';
import { parseTimestamp } from './timestamp.ts';

// Numbers have become text before a schema sees them, so text is the one scalar here. What is optional is null when it is
// absent, null, empty or unreadable: a bank's slip in a side field must not cost the row. Everything is bounded: a text is cut,
// and what would mean something else when it is cut (an id, an address) is unreadable when it is too long.

export const text = z.string().min(1).transform(cutText);
export const maybeText = text.nullable().catch(null);

export const id = z.string().min(1).max(MAX_TEXT_LENGTH);
export const maybeUrl = z.string().min(1).max(MAX_TEXT_LENGTH).nullable().catch(null);

/** Where a user is sent: it may carry a signed request. 8,192 is what servers commonly accept of a request line. */
export const redirectUrl = z.string().min(1).max(8192);

export const currency = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{3}$/)
  .toUpperCase();
export const maybeCurrency = currency.nullable().catch(null);

export const decimal = z.string().transform((value, context) => {
  const canonical = canonicalDecimal(value);
  if (canonical !== null) return canonical;
  context.addIssue({ code: 'custom', message: 'not a decimal' });
  return z.NEVER;
});
export const maybeDecimal = decimal.nullable().catch(null);

export const maybeTimestamp = text.transform(parseTimestamp).nullable().catch(null);
export const maybeInstant = maybeTimestamp.transform((timestamp) => timestamp?.instant ?? null);
export const maybeDay = maybeTimestamp.transform((timestamp) => timestamp?.day ?? null);

/** For percentages and durations, which are no money. */
export const maybeNumber = text.transform(Number).pipe(z.number()).nullable().catch(null);

/** An array, or one text with spaces between: TrueLayer's pages and answers disagree about it. */
export const textList = z
  .union([z.array(z.unknown()), z.string().transform((list) => list.split(/\s+/))])
  .transform(textsOf);
export const textListOrNone = textList.catch([]);

export function textsOf(list: readonly unknown[]): string[] {
  const texts = list.filter((entry) => typeof entry === 'string' && entry !== '');
  return texts.slice(0, MAX_LIST_LENGTH).map((entry) => cutText(String(entry)));
}

/** Null too where it is larger than is kept. */
export const maybeMeta = z
  .custom<ExactObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !isMetaTooLarge(value),
  )
  .nullable()
  .catch(null);

export function rowParser<T>(schema: z.ZodType<T>): RowParser<T> {
  return (row) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    const path = parsed.error.issues[0]?.path.map(String) ?? [];
    return new RowFault(isAbsent(row, path) ? 'missing' : 'unreadable', path.join('.'));
  };
}

function isAbsent(row: ExactObject, path: readonly string[]): boolean {
  let value: ExactJson | undefined = row;
  for (const key of path) value = isExactObject(value) ? value[key] : undefined;
  return value === undefined || value === null || value === '';
}
