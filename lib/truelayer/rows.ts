import type { RowIndex, RowSpan } from './envelope.ts';
import {
  type ExactJson,
  type ExactObject,
  isExactObject,
  parseExactJson,
  parseQuoted,
  quotedCapacity,
  quoteNumbers,
  skipBlank,
  skipValue,
} from './exact-json.ts';

/** A row that cannot be used, kept beside the good ones. `raw` is the bank's text and belongs nowhere but in sealed keeping. */
export type SetAside = { index: number; reason: SetAsideReason; path: string; raw: string };

export type SetAsideReason = 'not_json' | 'not_an_object' | 'missing' | 'unreadable' | 'refused';

export type Batch<T> = { items: T[]; setAside: SetAside[] };

/** Why a row is set aside. Returned and not thrown: there may be thousands. */
export class RowFault {
  readonly reason: SetAsideReason;
  readonly path: string;

  constructor(reason: SetAsideReason, path: string) {
    this.reason = reason;
    this.path = path;
  }
}

export type RowParser<T> = (row: ExactObject) => T | RowFault;

/** Parses as it is read, a batch at a time. May be walked again. */
export function batchesOf<T>(index: RowIndex, parse: RowParser<T>): Iterable<Batch<T>> {
  return { [Symbol.iterator]: () => readBatches(index, parse) };
}

export function allRows<T>(index: RowIndex, parse: RowParser<T>): Batch<T> {
  const all: Batch<T> = { items: [], setAside: [] };
  for (const batch of readBatches(index, parse)) {
    all.items.push(...batch.items);
    all.setAside.push(...batch.setAside);
  }
  return all;
}

function* readBatches<T>(index: RowIndex, parse: RowParser<T>): Generator<Batch<T>, undefined> {
  const longest = index.spans.reduce((length, span) => Math.max(length, span.end - span.start), 0);
  const scratch = Buffer.allocUnsafe(quotedCapacity(longest + 2));
  let first = 0;
  for (const span of index.spans) {
    yield readBatch(rowsOf(index.body, span, scratch), { body: index.body, span, first }, parse);
    first += span.rowCount;
  }
}

type Place = { body: Uint8Array; span: RowSpan; first: number };

function readBatch<T>(rows: readonly (ExactJson | undefined)[], place: Place, parse: RowParser<T>): Batch<T> {
  const items: T[] = [];
  const faults = new Map<number, RowFault>();
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    const parsed = isExactObject(row) ? parse(row) : new RowFault(row === undefined ? 'not_json' : 'not_an_object', '');
    if (parsed instanceof RowFault) faults.set(at, parsed);
    else items.push(parsed);
  }
  return { items, setAside: faults.size === 0 ? [] : setAside(faults, place) };
}

const openArray = 0x5b;
const closeArray = 0x5d;

/** Undefined stands for a row that isn't JSON. */
function rowsOf(body: Uint8Array, span: RowSpan, scratch: Buffer): (ExactJson | undefined)[] {
  scratch[0] = openArray;
  const end = quoteNumbers(body, span.start, span.end, scratch, 1);
  scratch[end] = closeArray;
  const rows = parseQuoted(scratch, end + 1);
  if (Array.isArray(rows) && rows.length === span.rowCount) return rows;
  return rowSpans(body, span).map((row) => parseExactJson(body, row.start, row.end));
}

function setAside(faults: ReadonlyMap<number, RowFault>, { body, span, first }: Place): SetAside[] {
  const spans = rowSpans(body, span);
  return [...faults].map(([at, { reason, path }]) => {
    const row = spans[at];
    const raw = row ? Buffer.from(body.buffer, body.byteOffset + row.start, row.end - row.start).toString('utf8') : '';
    return { index: first + at, reason, path, raw };
  });
}

function rowSpans(body: Uint8Array, span: RowSpan): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let start = span.start;
  while (spans.length < span.rowCount) {
    const end = skipValue(body, start);
    spans.push({ start, end });
    start = skipBlank(body, skipBlank(body, end) + 1);
  }
  return spans;
}
