/** An exact amount is a number to a spreadsheet, and never passes through a float here. */
export type CsvCell = string | number | { decimal: string } | null;

/** Begins a CSV file: without it, spreadsheets take UTF-8 for the system's own encoding. */
const BYTE_ORDER_MARK = '\uFEFF';

/** The first line of a CSV file, which names the columns. */
export function toCsvHead(names: readonly string[]): string {
  return `${BYTE_ORDER_MARK}${toCsvLine(names)}`;
}

/** One line of a CSV file as RFC 4180 has it, that a spreadsheet reads as text and never as a formula. */
export function toCsvLine(values: readonly CsvCell[]): string {
  return `${values.map(toCell).join(',')}\r\n`;
}

/** What makes a spreadsheet take a cell for a formula, also behind blanks. An apostrophe before it makes it text. */
const FORMULA = /^[\s\uFEFF]*[=+\-@\t\r\n|%＝＋－＠]/;

function toCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'object') return /^-?\d+(?:\.\d+)?$/.test(value.decimal) ? value.decimal : toCell(value.decimal);
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n\u2028\u2029']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
