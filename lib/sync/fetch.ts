import type { AsyncEndpoint, DataCall } from '#lib/truelayer/call';
import type { AnswerMeta } from '#lib/truelayer/http';
import type { RowsByEndpoint } from '#lib/truelayer/parse';
import type { ResultOf } from '#lib/truelayer/results';
import { finalResult } from './final-result.ts';
import type { SyncSession } from './session.ts';
import type { Window } from './windows.ts';

export type FetchRequest<E extends AsyncEndpoint> = { endpoint: E; window?: Window };

export type FinalOf<E extends AsyncEndpoint> = RowsByEndpoint[E] & {
  state: 'final';
  body: Uint8Array;
  meta: AnswerMeta;
};

/**
 * How an answer is come by: asked for and waited for, asked for and told of later, or fetched because it is ready. What is
 * done with it is the same for all three.
 */
export type Fetch = {
  /** Null: it is being worked on. */
  get<E extends AsyncEndpoint>(
    request: FetchRequest<E>,
    ask: (call: DataCall) => Promise<ResultOf<E>>,
  ): Promise<FinalOf<E> | null>;
  /** The days that were asked for, when they have been already. */
  window: Window | null;
};

/** Asks and waits. */
export function createWaitingFetch(session: SyncSession): Fetch {
  return { get: async (_, ask) => finalResult(await session.call(ask)), window: null };
}
