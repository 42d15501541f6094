import { MAX_TEXT_LENGTH } from './bounds.ts';
import { TrueLayerError } from './error.ts';
import { isKnownCode } from './error-codes.ts';
import { type ExactJson, type ExactObject, parseExactJson, skipBlank, skipValue, startOfText } from './exact-json.ts';

/** A stretch of whole rows, small enough to be parsed at once. */
export type RowSpan = { start: number; end: number; rowCount: number };

/** What surrounds the rows, known before any of them is read. */
export type Envelope = { body: Uint8Array; members: ExactObject; statuses: readonly string[]; rows: RowIndex | null };

export type RowIndex = { body: Uint8Array; spans: readonly RowSpan[]; rowCount: number };

export type TaskRef = { taskId: string | null; resultsUri: string | null };

const rowsPerSpan = 1000;
const bytesPerSpan = 1 << 20;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** Walks the whole body once without building a value of its rows; so `status` is known wherever it stands. */
export function parseEnvelope(body: Uint8Array): Envelope {
  const start = startOfText(body);
  const envelope = body[start] === openArray ? bareRows(body, start) : walkMembers(body, start);
  if (!envelope) throw new TrueLayerError({ code: 'not_json' });
  return envelope;
}

/** The rows of an answer that is complete. Throws when it isn't, and when it tells of a task that failed. */
export function finalRows(envelope: Envelope): RowIndex {
  const { statuses, members, rows } = envelope;
  if (statuses.includes('Failed')) throw failedTask(members);
  if (statuses.some((status) => status !== 'Succeeded')) throw new TrueLayerError({ code: 'not_final' });
  if (rows === null && typeof members.error === 'string') throw failedTask(members);
  // Some banks' lists without a row come as null. An answer without the key, or with another value, is no list.
  if (rows === null && members.results === null) return { body: envelope.body, spans: [], rowCount: 0 };
  if (rows === null) throw new TrueLayerError({ code: 'unexpected_shape' });
  return rows;
}

/** The task that an unfinished answer speaks of; null when the answer is finished. */
export function findTask(envelope: Envelope): TaskRef | null {
  const isUnfinished = envelope.statuses.some((status) => status === 'Queued' || status === 'Running');
  const { task_id: taskId, results_uri: resultsUri } = envelope.members;
  const hasNothing = envelope.statuses.length === 0 && envelope.rows === null && typeof resultsUri === 'string';
  if (!isUnfinished && !hasNothing) return null;
  return { taskId: textOrNull(taskId), resultsUri: textOrNull(resultsUri) };
}

function failedTask(members: ExactObject): TrueLayerError {
  const rawCode = textOrNull(members.error);
  return new TrueLayerError({ code: rawCode !== null && isKnownCode(rawCode) ? rawCode : 'task_failed' });
}

function textOrNull(value: ExactJson | undefined): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH ? value : null;
}

function bareRows(body: Uint8Array, start: number): Envelope | null {
  const indexed = indexRows(body, start);
  if (!indexed || skipBlank(body, indexed.end) !== body.length) return null;
  return { body, members: {}, statuses: [], rows: indexed.index };
}

function walkMembers(body: Uint8Array, start: number): Envelope | null {
  if (body[start] !== openObject) return null;
  const members: ExactObject = {};
  const statuses: string[] = [];
  let rows: RowIndex | null = null;
  let at = skipBlank(body, start + 1);
  while (body[at] !== closeObject) {
    const key = readMember(body, at);
    if (!key) return null;
    if (key.name === 'results' && body[key.valueStart] === openArray) {
      const indexed = indexRows(body, key.valueStart);
      if (!indexed || rows) return null;
      rows = indexed.index;
      at = indexed.end;
    } else {
      const end = skipValue(body, key.valueStart);
      const value = end < 0 ? undefined : parseExactJson(body, key.valueStart, end);
      if (value === undefined) return null;
      // A key may come twice, and JSON.parse would believe the last. Every status has to agree here.
      if (key.name === 'status' && value !== null) statuses.push(typeof value === 'string' ? value : '');
      members[key.name] = value;
      at = end;
    }
    at = skipBlank(body, at);
    if (body[at] === comma) at = skipBlank(body, at + 1);
    else if (body[at] !== closeObject) return null;
  }
  return skipBlank(body, at + 1) === body.length ? { body, members, statuses, rows } : null;
}

function readMember(body: Uint8Array, start: number): { name: string; valueStart: number } | null {
  const end = skipValue(body, start);
  const name = end < 0 ? undefined : parseExactJson(body, start, end);
  const colonAt = skipBlank(body, end);
  if (typeof name !== 'string' || body[colonAt] !== colon) return null;
  return { name, valueStart: skipBlank(body, colonAt + 1) };
}

function indexRows(body: Uint8Array, open: number): { index: RowIndex; end: number } | null {
  const spans: RowSpan[] = [];
  let total = 0;
  let span: RowSpan = { start: skipBlank(body, open + 1), end: 0, rowCount: 0 };
  let at = span.start;
  if (body[at] === closeArray) return { index: { body, spans, rowCount: 0 }, end: at + 1 };
  for (;;) {
    const end = skipValue(body, at);
    if (end < 0) return null;
    span.end = end;
    span.rowCount++;
    total++;
    at = skipBlank(body, end);
    const separator = body[at];
    if (separator !== comma && separator !== closeArray) return null;
    if (separator === closeArray) {
      spans.push(span);
      return { index: { body, spans, rowCount: total }, end: at + 1 };
    }
    at = skipBlank(body, at + 1);
    if (span.rowCount < rowsPerSpan && end - span.start < bytesPerSpan) continue;
    spans.push(span);
    span = { start: at, end: 0, rowCount: 0 };
  }
}
