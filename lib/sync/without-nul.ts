/**
 * PostgreSQL can hold neither the character 0 nor, in JSON, half of a character (an emoji that a bank has cut through), and
 * one of them must not cost the answer that it stands in.
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

function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
