/** In UTF-16 units. No text that is meant to be read comes near it. */
export const MAX_TEXT_LENGTH = 2000;
/** Of a list inside of a row: its first entries are kept. */
export const MAX_LIST_LENGTH = 200;
const MAX_META_LENGTH = 50_000;

/** A text from outside as it is kept: cut at `MAX_TEXT_LENGTH`, and half of a character that was cut through is replaced. */
export function cutText<T extends string | null>(value: T): T | string {
  return value === null || value.length <= MAX_TEXT_LENGTH ? value : value.slice(0, MAX_TEXT_LENGTH).toWellFormed();
}

/** Whether a `meta` is larger than is kept, or nested so deeply that it can't be written as JSON. */
export function isMetaTooLarge(meta: object): boolean {
  try {
    return JSON.stringify(meta).length > MAX_META_LENGTH;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}
