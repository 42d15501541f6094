/**
 * PostgreSQL's own spelling of an array, to be sent as one text. As a list of values each would be wrapped, checked and
 * escaped by three libraries in turn, which for thousands of rows costs more than the database takes to store them.
 */
export function textArray(values: readonly (string | null)[]): string {
  let literal = '';
  for (const value of values) {
    literal += literal === '' ? '{' : ',';
    if (value === null) literal += 'NULL';
    else literal += NEEDS_ESCAPE.test(value) ? `"${value.replace(ESCAPED, '\\$&')}"` : `"${value}"`;
  }
  return literal === '' ? '{}' : `${literal}}`;
}

/** For what is written in digits, dashes and the like: numbers, days, truth values. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

const NEEDS_ESCAPE = /["\\]/;
const ESCAPED = /["\\]/g;
