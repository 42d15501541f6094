import type { ConnectionSummary } from '#lib/connections/dto';
import { connectionState } from '../_words/connection-state.ts';
import { faultWords } from '../_words/faults.ts';

/** The state of a connection in words, its current fault included. */
export function stateOf({ id, bankName, status, faults }: ConnectionSummary) {
  const { main, hasSynced } = faults;
  const fault = main === null ? null : { fault: main, words: faultWords(main, { connectionId: id, bankName }) };
  return connectionState({ status, fault, hasSynced });
}
