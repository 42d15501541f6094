/**
 * What a table of words has for a code that came from outside. Undefined also for `constructor` and other names that every
 * object inherits.
 */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
