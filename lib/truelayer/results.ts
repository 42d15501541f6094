import type { AsyncEndpoint } from './call.ts';
import { type Envelope, finalRows, findTask, parseEnvelope } from './envelope.ts';
import { TrueLayerError } from './error.ts';
import type { Answer, AnswerMeta } from './http.ts';
import { type DataEndpoint, type Parsed, type ParsedTransactions, type RowsByEndpoint, readRows } from './parse.ts';

/** `body` is the answer as it came, for keeping. */
type Final<P> = P & { state: 'final'; body: Uint8Array; meta: AnswerMeta };

export type FinalResult<T> = Final<Parsed<T>>;

/** The bank is still being asked. `resultsUri` goes to `fetchResults` as it is. */
export type QueuedResult = { state: 'queued'; task: { taskId: string; resultsUri: string }; meta: AnswerMeta };

export type DataResult<T> = FinalResult<T> | QueuedResult;

export type TransactionsResult = Final<ParsedTransactions> | QueuedResult;

export type ResultOf<E extends AsyncEndpoint> = Final<RowsByEndpoint[E]> | QueuedResult;

/** Throws unless the answer is complete. */
export function readFinal<E extends DataEndpoint>(endpoint: E, answer: Answer): Final<RowsByEndpoint[E]> {
  const envelope = parseEnvelope(answer.body);
  if (isUnfinished(envelope, answer)) throw new TrueLayerError({ code: 'not_final' });
  return toFinal(endpoint, envelope, answer);
}

/** `resultsUri` is the address that was asked, when results were fetched; an unfinished answer need not repeat it. */
export function readFinalOrQueued<E extends AsyncEndpoint>(
  endpoint: E,
  answer: Answer,
  resultsUri: string | null,
): ResultOf<E> {
  const envelope = parseEnvelope(answer.body);
  if (!isUnfinished(envelope, answer)) return toFinal(endpoint, envelope, answer);
  const task = findTask(envelope);
  const uri = resultsUri ?? task?.resultsUri ?? null;
  const taskId = task?.taskId ?? (uri === null ? null : lastSegment(uri));
  if (uri === null || !taskId) throw new TrueLayerError({ code: 'not_final' });
  return { state: 'queued', task: { taskId, resultsUri: uri }, meta: answer.meta };
}

/** The status decides when there is one. A 202 without one has accepted the call and no more. */
function isUnfinished(envelope: Envelope, { httpStatus }: Answer): boolean {
  return findTask(envelope) !== null || (httpStatus === 202 && envelope.statuses.length === 0);
}

function toFinal<E extends DataEndpoint>(endpoint: E, envelope: Envelope, answer: Answer): Final<RowsByEndpoint[E]> {
  const rows = readRows[endpoint](finalRows(envelope));
  return { ...rows, state: 'final', body: answer.body, meta: answer.meta };
}

function lastSegment(uri: string): string | null {
  return URL.parse(uri)?.pathname.split('/').at(-1) || null;
}
