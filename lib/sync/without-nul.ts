/**
 * PostgreSQL can hold neither the character 0 nor, in JSON, half of a character (an emoji that a bank has cut through), and
 * one of them must not cost the answer that it stands in. Other control characters, save for tabs and line breaks, mean nothing
 * in a text from a bank and go too.
 */
export function withoutNul<T>(value: T): T {
  // Every value becomes one of its own kind; only characters inside of texts are left out.
  return strip(value) as T;
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storable(key), strip(entry)]));
}

const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

function storable(text: string): string {
  return text.replace(CONTROL, '').toWellFormed();
}
